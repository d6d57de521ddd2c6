-- Windows whose stops count otherwise than they are listed, or do not add up to SETUP and technical DOWN.
-- One row per production day that has such windows.
WITH (SELECT count() > 0 FROM te_ops.policies WHERE name = 'short_stops' AND value = 'performance') AS short_stops_are_performance
SELECT
    production_day, count(),
    any(format(
        '{}/{}/{}: stops {}, technical {}, SETUP {} seconds more by window than by stop', plant, work_center, shift,
        toString(stops), toString(technical), toString(setup)
    ))
FROM
(
    SELECT plant, work_center, production_day, shift, sum(stops) AS stops, sum(technical) AS technical, sum(setup) AS setup
    FROM
    (
        SELECT
            plant, work_center, production_day, shift,
            toInt64(stops) AS stops, technical_down_seconds AS technical, setup_seconds AS setup
        FROM {{ availability }}
        WHERE production_day BETWEEN {first:Date} AND {last:Date}
        UNION ALL
        SELECT
            plant, work_center, production_day, assumeNotNull(shift),
            -toInt64(starts_here AND reason_class NOT IN ('planned', 'setup')),
            if(reason_class = 'technical' AND NOT (is_short AND short_stops_are_performance), -attributed_seconds, 0),
            if(reason_class = 'setup', -attributed_seconds, 0)
        FROM {{ stops }}
        WHERE production_day BETWEEN {first:Date} AND {last:Date} AND shift IS NOT NULL
    )
    GROUP BY plant, work_center, production_day, shift
)
WHERE stops != 0 OR technical != 0 OR setup != 0
GROUP BY production_day
ORDER BY production_day
