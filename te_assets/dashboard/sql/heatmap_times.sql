-- Availability or unplanned down time by period and work center. One row per cell that has a figure.
-- Windows that nobody delivered for are in no cell: where only such are, there is none.
{% if by_class %}
SELECT
    m.x AS x, m.plant AS plant, m.work_center AS work_center, toFloat64(sum(m.seconds)) AS value, NULL AS numerator, NULL AS denominator
FROM
(
    -- A window without a stop of the classes has zero seconds, and that is a figure.
    SELECT {{ period }} AS x, plant, work_center, toDecimal64(0, 3) AS seconds
    FROM {{ mart }}
    WHERE {% include 'parts/where.sql' +%}
    AND coverage != 'none'
    UNION ALL
    SELECT {{ period }} AS x, plant, work_center, attributed_seconds AS seconds
    FROM {{ reasons }}
    WHERE {% include 'parts/where.sql' +%}
    AND reason_class IN {classes:Array(String)}
) AS m
GROUP BY m.x, m.plant, m.work_center
{% else %}
SELECT
    {{ period }} AS x, m.plant AS plant, m.work_center AS work_center,
    {% if measure == 'availability' %}
    toFloat64(sumIf(m.production_seconds, m.coverage != 'none')) AS numerator,
    toFloat64(sumIf(m.planned_busy_seconds, m.coverage != 'none')) AS denominator,
    numerator / denominator AS value
    {% else %}
    toFloat64(sumIf(m.unplanned_down_seconds, m.coverage != 'none')) AS value, NULL AS numerator, NULL AS denominator
    {% endif %}
FROM {{ mart }} AS m
WHERE {% include 'parts/where.sql' +%}
GROUP BY x, m.plant, m.work_center
HAVING {{ 'denominator > 0' if measure == 'availability' else "countIf(m.coverage != 'none') > 0" }}
{% endif %}
ORDER BY x, plant, work_center
