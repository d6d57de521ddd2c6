-- Scrap that the reasons do not add up to. One row per production day that differs.
SELECT
    production_day, count(),
    any(format(
        '{}/{}/{}/{}: {} more in scrap_rate than in scrap_reasons', plant, work_center, material, unit, toString(scrap)
    ))
FROM
(
    SELECT plant, work_center, production_day, shift, material, unit, sum(scrap) AS scrap
    FROM
    (
        SELECT plant, work_center, production_day, shift, material, unit, scrap_qty AS scrap
        FROM {{ scrap_rate }}
        WHERE production_day BETWEEN {first:Date} AND {last:Date}
        UNION ALL
        SELECT plant, work_center, production_day, shift, material, unit, -scrap_qty
        FROM {{ scrap_reasons }}
        WHERE production_day BETWEEN {first:Date} AND {last:Date}
    )
    GROUP BY plant, work_center, production_day, shift, material, unit
)
WHERE scrap != 0
GROUP BY production_day
ORDER BY production_day
