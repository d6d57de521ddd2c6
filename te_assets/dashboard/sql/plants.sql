-- Plants of the site with the production days that have data. One row per plant.
SELECT
    p.plant AS plant, p.name AS name, toString(p.time_zone) AS time_zone, p.day_start_minute AS day_start_minute, s.shifts AS shifts,
    nullIf(least(ifNull(a.first_day, toDate('2149-06-06')), ifNull(q.first_day, toDate('2149-06-06'))), toDate('2149-06-06')) AS first_day,
    nullIf(greatest(ifNull(a.last_day, toDate(0)), ifNull(q.last_day, toDate(0))), toDate(0)) AS last_day,
    a.data_until AS data_until
FROM te_ops.plants AS p
LEFT JOIN
(
    SELECT plant, arrayMap(x -> x.2, arraySort(groupUniqArray((minute, shift)))) AS shifts
    FROM
    (
        -- In the order in which they begin on most days.
        SELECT w.plant AS plant, w.shift AS shift, toUInt32(median(dateDiff('minute', d.starts_at, w.starts_at))) AS minute
        FROM te_ops.shift_windows AS w
        INNER JOIN te_ops.production_days AS d ON w.plant = d.plant AND w.production_day = d.production_day
        GROUP BY w.plant, w.shift
    )
    GROUP BY plant
) AS s ON p.plant = s.plant
LEFT JOIN
(
    SELECT plant, minOrNull(production_day) AS first_day, maxOrNull(production_day) AS last_day, maxOrNull(data_until) AS data_until
    FROM {{ availability }}
    WHERE coverage != 'none'
    GROUP BY plant
) AS a ON p.plant = a.plant
LEFT JOIN
(
    SELECT plant, minOrNull(production_day) AS first_day, maxOrNull(production_day) AS last_day
    FROM {{ scrap_rate }}
    GROUP BY plant
) AS q ON p.plant = q.plant
ORDER BY plant
