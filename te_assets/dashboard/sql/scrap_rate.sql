-- Pieces and scrap rate, summed before they are divided (docs/kpi.md). One row per group of each of the `sets` of keys, unit and basis.
-- operation: SQ / PQ over all operations, so good pieces are no figure. last_operation: of the last operation of each order.
-- order: SQ over all operations / PQ of the first one. `mask` tells of which set a row is, {wanted} which bases of a set are shown.
{% set quantities = ['good_qty', 'scrap_qty', 'rework_qty', 'produced_qty', 'outside_calendar_qty'] %}
SELECT
    {% for key in keys %}
    p.{{ key.name }} AS {{ key.name }},
    {% endfor %}
    p.mask AS mask, p.unit AS unit, basis,
    if(basis = 'operation', NULL, sumIf(p.good_qty, p.is_last_operation)) AS good_qty,
    {% for name in ('scrap_qty', 'rework_qty', 'outside_calendar_qty', 'confirmations') %}
    sumIf(p.{{ name }}, p.is_last_operation OR basis != 'last_operation') AS {{ name }},
    {% endfor %}
    sumIf(p.produced_qty, basis = 'operation' OR (basis = 'order' AND p.is_first_operation) OR (basis = 'last_operation' AND p.is_last_operation)) AS produced_qty,
    if(produced_qty > 0, toFloat64(scrap_qty) / toFloat64(produced_qty), NULL) AS scrap_rate
FROM
(
    SELECT
        {% for key in keys %}
        {{ key.sql }} AS {{ key.name }},
        {% endfor %}
        grouping({{ keys | map(attribute='name') | join(', ') }}) AS mask,
        m.unit AS unit, m.is_last_operation AS is_last_operation, m.is_first_operation AS is_first_operation,
        {% for quantity in quantities %}
        sum(m.{{ quantity }}) AS {{ quantity }},
        {% endfor %}
        sum(m.confirmations) AS confirmations
    FROM {% include 'parts/pieces.sql' %} AS m
    {% if by_line %}
    LEFT JOIN te_ops.work_centers AS w ON m.plant = w.plant AND m.work_center = w.work_center
    {% endif %}
    GROUP BY GROUPING SETS
    (
        {% for set in sets %}
        ({% for key in set %}{{ key.name }}, {% endfor %}unit, is_last_operation, is_first_operation){{ '' if loop.last else ',' }}
        {% endfor %}
    )
) AS p
ARRAY JOIN ['operation', 'last_operation', 'order'] AS basis
WHERE (p.mask, basis) IN {wanted:Array(Tuple(UInt64, String))}
GROUP BY {% for key in keys %}{{ key.name }}, {% endfor %}mask, unit, basis
HAVING confirmations > 0
ORDER BY mask, {{ order }}
