-- Planned busy time that nothing explains, and attributed time of reasons without a class. One row per work center.
WITH unclassified AS
(
    SELECT plant, work_center, sum(m.attributed_seconds) AS seconds
    FROM {{ reasons }} AS m
    WHERE {% include 'parts/where.sql' %} AND m.reason_class = 'unclassified'
    GROUP BY plant, work_center
)
SELECT
    a.plant AS plant, a.work_center AS work_center, a.unexplained_seconds AS unexplained_seconds,
    ifNull(u.seconds, 0) AS unclassified_seconds, a.planned_busy_seconds AS planned_busy_seconds,
    if(a.planned_busy_seconds > 0, toFloat64(a.unexplained_seconds) / toFloat64(a.planned_busy_seconds), NULL) AS unexplained_share,
    if(a.planned_busy_seconds > 0, toFloat64(unclassified_seconds) / toFloat64(a.planned_busy_seconds), NULL) AS unclassified_share
FROM
(
    SELECT plant, work_center, sum(m.unexplained_seconds) AS unexplained_seconds, sum(m.planned_busy_seconds) AS planned_busy_seconds
    FROM {{ availability }} AS m
    WHERE {% include 'parts/where.sql' %} AND m.coverage != 'none'
    GROUP BY plant, work_center
) AS a
LEFT JOIN unclassified AS u ON a.plant = u.plant AND a.work_center = u.work_center
ORDER BY plant, work_center
