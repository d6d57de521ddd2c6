-- What stops cost, the greatest first. One row per class, reason or work center (`keys`), with its share of the measure.
-- `vital`: how many rows make up 80 %, the one that reaches it included. Totals are in each row. reason_text of codes that the site has.
{% set place = keys | map(attribute='name') | join(', ') %}
{% set partition = '' %}
SELECT
    {% for key in keys %}
    p.{{ key.name }} AS {{ key.name }},
    {% endfor %}
    {% if with_text %}
    r.reason_text AS reason_text,
    {% endif %}
    p.attributed_seconds AS attributed_seconds, p.logged_seconds AS logged_seconds, p.stops AS stops,
    if(p.whole > 0, toFloat64(p.measure) / toFloat64(p.whole), NULL) AS share,
    if(p.whole > 0, toFloat64(p.running) / toFloat64(p.whole), NULL) AS cumulative_share,
    countIf(p.measure > 0 AND (p.running - p.measure) * 10 < p.whole * 8) OVER () AS vital,
    sum(p.attributed_seconds) OVER () AS total_seconds,
    sum(p.stops) OVER () AS total_stops
FROM
(
    SELECT *, {% include 'parts/shares.sql' %}
    FROM
    (
        SELECT
            {% for key in keys %}
            {{ key.sql }} AS {{ key.name }},
            {% endfor %}
            sum(m.attributed_seconds) AS attributed_seconds, sum(m.logged_seconds) AS logged_seconds, sum(m.stops) AS stops,
            toDecimal128({{ measure }}, 3) AS measure
        FROM {{ mart }} AS m
        WHERE {% include 'parts/where.sql' %}
        {% if 'reason_class' not in given %}
        AND reason_class != 'planned'
        {% endif %}
        GROUP BY {{ place }}
    )
) AS p
{% if with_text %}
LEFT JOIN te_ops.reasons AS r ON p.reason_code = r.reason_code
{% endif %}
ORDER BY p.measure DESC, {{ place }}
LIMIT {most:UInt32}
