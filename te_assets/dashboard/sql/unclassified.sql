-- Attributed seconds of unplanned stops, and of those whose reason has no class. One row per group of `keys`.
SELECT
    {% for key in keys %}
    {{ key.sql }} AS {{ key.name }},
    {% endfor %}
    sum(m.attributed_seconds) AS unplanned_seconds,
    sumIf(m.attributed_seconds, m.reason_class = 'unclassified') AS unclassified_seconds,
    if(unplanned_seconds > 0, toFloat64(unclassified_seconds) / toFloat64(unplanned_seconds), NULL) AS unclassified
FROM {{ mart }} AS m
WHERE {% include 'parts/where.sql' %}
AND m.reason_class NOT IN ('planned', 'setup')
GROUP BY {{ keys | map(attribute='name') | join(', ') }}
