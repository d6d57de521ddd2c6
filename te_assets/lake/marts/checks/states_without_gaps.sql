-- Machines whose states leave a gap, overlap, do not fill the production day, or give another APT than te_marts.availability.
-- One row per production day that has such machines.
SELECT
    production_day, count(),
    any(format('{}/{}: {} breaks in the sequence, {} s of the day missing, {} s of APT missing', plant, work_center, toString(breaks), toString(missing), toString(running)))
FROM
(
    SELECT plant, work_center, production_day, sum(breaks) AS breaks, sum(missing) AS missing, sum(running) AS running
    FROM
    (
        SELECT
            plant, work_center, production_day,
            countIf(started_at != ended_before AND ended_before != toDateTime64(0, 3, 'UTC')) + countIf(ended_at <= started_at) AS breaks,
            -sum(toDecimal64(toUnixTimestamp64Milli(ended_at) - toUnixTimestamp64Milli(started_at), 3) / 1000) AS missing,
            -sumIf(
                toDecimal64(toUnixTimestamp64Milli(ended_at) - toUnixTimestamp64Milli(started_at), 3) / 1000,
                -- no_data within a window: nobody delivered for it, its APT is known to no one and computed all the same
                state IN ('production', 'unexplained', 'short_stop') OR (state = 'no_data' AND shift IS NOT NULL)
            ) AS running
        FROM
        (
            SELECT
                *,
                lagInFrame(ended_at, 1, toDateTime64(0, 3, 'UTC')) OVER
                (
                    PARTITION BY plant, work_center, production_day ORDER BY started_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                ) AS ended_before
            FROM {{ states }}
            WHERE production_day BETWEEN {first:Date} AND {last:Date}
        )
        GROUP BY plant, work_center, production_day
        UNION ALL
        SELECT
            s.plant, s.work_center, s.production_day, 0,
            toDecimal64(toUnixTimestamp64Milli(d.ends_at) - toUnixTimestamp64Milli(d.starts_at), 3) / 1000, 0
        FROM (SELECT DISTINCT plant, work_center, production_day FROM {{ states }} WHERE production_day BETWEEN {first:Date} AND {last:Date}) AS s
        INNER JOIN te_ops.production_days AS d ON s.plant = d.plant AND s.production_day = d.production_day
        UNION ALL
        SELECT plant, work_center, production_day, 0, 0, sum(production_seconds)
        FROM {{ availability }}
        WHERE production_day BETWEEN {first:Date} AND {last:Date}
        GROUP BY plant, work_center, production_day
    )
    GROUP BY plant, work_center, production_day
)
WHERE breaks != 0 OR missing != 0 OR running != 0
GROUP BY production_day
ORDER BY production_day
