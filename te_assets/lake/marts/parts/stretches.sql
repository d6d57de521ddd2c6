-- Common table expression: what deliveries cover, overlapping and adjacent periods merged. One row per work center and
-- contiguous stretch.
stretches AS
(
    SELECT plant, work_center, min(covers_from) AS covers_from, max(covers_until) AS covers_until
    FROM
    (
        SELECT
            *,
            sum(covers_from > until_before) OVER
            (
                PARTITION BY plant, work_center ORDER BY covers_from, covers_until ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS stretch
        FROM
        (
            SELECT
                plant, work_center,
                toUnixTimestamp64Milli(p.covers_from) AS covers_from, toUnixTimestamp64Milli(p.covers_until) AS covers_until,
                max(covers_until) OVER
                (
                    PARTITION BY plant, work_center ORDER BY covers_from, covers_until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ) AS until_before
            FROM te_ops.coverage_periods AS p
            WHERE p.model = 'interactions'
        )
    )
    GROUP BY plant, work_center, stretch
)
