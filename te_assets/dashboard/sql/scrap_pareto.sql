-- Where scrap comes from, per unit, those units first that have most confirmations with scrap, in each the greatest first.
-- One row per unit and reason, material, work center or operation (`keys`), with its share; `vital`: how many rows make up 80 %.
{% set quantities = ['scrap_qty'] if by != 'operation' else ['good_qty', 'scrap_qty', 'rework_qty', 'produced_qty', 'outside_calendar_qty'] %}
{% set place = keys | map(attribute='name') | join(', ') %}
{% set partition = 'PARTITION BY unit ' %}
SELECT
    {% for key in keys %}
    p.{{ key.name }} AS {{ key.name }},
    {% endfor %}
    {% if by == 'reason' %}
    r.scrap_reason_text AS scrap_reason_text,
    {% endif %}
    p.unit AS unit, p.measure AS scrap_qty, p.confirmations AS confirmations,
    if(p.whole > 0, toFloat64(p.measure) / toFloat64(p.whole), NULL) AS share,
    if(p.whole > 0, toFloat64(p.running) / toFloat64(p.whole), NULL) AS cumulative_share,
    countIf(p.measure > 0 AND (p.running - p.measure) * 10 < p.whole * 8) OVER (PARTITION BY p.unit) AS vital,
    p.whole AS total_qty,
    {{ 'c.confirmations' if by == 'operation' else 'sum(p.confirmations) OVER (PARTITION BY p.unit)' }} AS confirmations_of_unit
FROM
(
    SELECT *, {% include 'parts/shares.sql' %}
    FROM
    (
        SELECT
            {% for key in keys %}
            {{ key.sql }} AS {{ key.name }},
            {% endfor %}
            m.unit AS unit, sum(m.confirmations) AS confirmations, sum(m.scrap_qty) AS measure
        FROM {% include 'parts/pieces.sql' %} AS m
        GROUP BY {{ place }}, unit
        HAVING measure != 0
    )
) AS p
{% if by == 'reason' %}
LEFT JOIN te_ops.scrap_reasons AS r ON p.scrap_reason_code = r.scrap_reason_code
{% endif %}
{% if by == 'operation' %}
LEFT JOIN
(
    -- te_marts.scrap_rate does not know how many of its confirmations have scrap.
    SELECT m.unit AS unit, sum(m.confirmations) AS confirmations
    FROM {% with mart = reasons_mart, quantities = ['scrap_qty'] %}{% include 'parts/pieces.sql' %}{% endwith %} AS m
    GROUP BY unit
) AS c ON p.unit = c.unit
{% endif %}
ORDER BY confirmations_of_unit DESC, p.unit, p.measure DESC, {{ place }}
