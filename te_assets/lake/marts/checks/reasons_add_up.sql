-- Windows whose reasons do not add up to PLAN, DOWN and SETUP. One row per production day that has such rows.
SELECT
    production_day, count(),
    any(format(
        '{}/{}/{}: PLAN {}, DOWN {}, SETUP {} seconds more by window than by reason', plant, work_center, shift,
        toString(planned), toString(down), toString(setup)
    ))
FROM
(
    SELECT plant, work_center, production_day, shift, sum(planned) AS planned, sum(down) AS down, sum(setup) AS setup
    FROM
    (
        SELECT
            plant, work_center, production_day, shift,
            planned_down_seconds AS planned, unplanned_down_seconds AS down, setup_seconds AS setup
        FROM {{ availability }}
        WHERE production_day BETWEEN {first:Date} AND {last:Date}
        UNION ALL
        SELECT
            plant, work_center, production_day, shift,
            if(reason_class = 'planned', -attributed_seconds, 0),
            if(reason_class NOT IN ('planned', 'setup'), -attributed_seconds, 0),
            if(reason_class = 'setup', -attributed_seconds, 0)
        FROM {{ downtime_reasons }}
        WHERE production_day BETWEEN {first:Date} AND {last:Date}
    )
    GROUP BY plant, work_center, production_day, shift
)
WHERE planned != 0 OR down != 0 OR setup != 0
GROUP BY production_day
ORDER BY production_day
