-- Quantities and confirmations that differ from te_staging.confirmations. One row per production day that differs.
SELECT
    production_day, count(),
    any(format(
        '{}/{}/{}: good {}, scrap {}, rework {}, confirmations {} more in the mart than in staging', plant, work_center, unit,
        toString(good), toString(scrap), toString(rework), toString(confirmations)
    ))
FROM
(
    SELECT
        plant, work_center, production_day, unit,
        sum(good) AS good, sum(scrap) AS scrap, sum(rework) AS rework, sum(confirmations) AS confirmations
    FROM
    (
        SELECT
            plant, work_center, production_day, unit,
            good_qty AS good, scrap_qty AS scrap, rework_qty AS rework, toInt64(confirmations) AS confirmations
        FROM {{ scrap_rate }}
        WHERE production_day BETWEEN {first:Date} AND {last:Date}
        UNION ALL
        SELECT plant, work_center, production_day, unit, -good_qty, -scrap_qty, -rework_qty, -1
        FROM te_staging.confirmations
        WHERE production_day BETWEEN {first:Date} AND {last:Date} AND NOT is_reversed AND cancelled_counter = ''
    )
    GROUP BY plant, work_center, production_day, unit
)
WHERE good != 0 OR scrap != 0 OR rework != 0 OR confirmations != 0
GROUP BY production_day
ORDER BY production_day
