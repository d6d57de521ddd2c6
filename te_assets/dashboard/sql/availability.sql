-- Times and availability of groups, summed before they are divided (docs/kpi.md). One row per group of each of the `sets` of keys;
-- `mask` tells of which set it is.
-- Windows that nobody delivered for are in no figure; uncovered_seconds tells how much that is.
{% set line_column = 'line IN {line:Array(String)}' if by_line %}
SELECT
    {% for key in keys %}
    {{ key.sql }} AS {{ key.name }},
    {% endfor %}
    grouping({{ keys | map(attribute='name') | join(', ') }}) AS mask,
    {% for part in ('planned_operation', 'planned_down', 'planned_busy', 'unplanned_down', 'setup', 'short_stop', 'production', 'technical_down', 'unexplained') %}
    sumIf(m.{{ part }}_seconds, m.coverage != 'none') AS {{ part }}_seconds,
    {% endfor %}
    sumIf(m.planned_operation_seconds, m.coverage = 'none') AS uncovered_seconds,
    {% for part in ('stops', 'short_stops', 'open_stops', 'failures') %}
    sumIf(m.{{ part }}, m.coverage != 'none') AS {{ part }},
    {% endfor %}
    multiIf(countIf(m.coverage != 'none') = 0, 'none', countIf(m.coverage = 'full') = count(), 'full', 'partial') AS coverage,
    max(m.data_until) AS data_until,
    if(planned_busy_seconds > 0, toFloat64(production_seconds) / toFloat64(planned_busy_seconds), NULL) AS availability,
    if(planned_busy_seconds > 0, toFloat64(planned_busy_seconds - technical_down_seconds) / toFloat64(planned_busy_seconds), NULL) AS technical_availability,
    if(planned_operation_seconds > 0, toFloat64(production_seconds) / toFloat64(planned_operation_seconds), NULL) AS total_availability,
    planned_busy_seconds - technical_down_seconds AS technically_available_seconds,
    if(planned_busy_seconds > 0, toFloat64(unexplained_seconds) / toFloat64(planned_busy_seconds), NULL) AS unexplained
FROM {{ mart }} AS m
WHERE {% include 'parts/where.sql' %}
GROUP BY GROUPING SETS ({% for set in sets %}({{ set | map(attribute='name') | join(', ') }}){{ '' if loop.last else ', ' }}{% endfor %})
HAVING count() > 0
ORDER BY {{ order }}
