{#- FROM and WHERE of rows that figures count. `mart`: which figure; `more`: names of further filters that are given; `converts`:
the site shows some units in others; `by_last_operation`: pieces that left the last operation of their order (te_marts.scrap_rate). -#}
FROM te_marts.{{ 'availability_sources' if of_stops else 'scrap_rate_sources' }} AS m
WHERE {% include 'parts/where.sql' %}
{% if mart == 'scrap_reasons' %}
AND m.scrap_qty != 0
{% endif %}
{% for name in more %}
{% if name == 'unit' %}
AND (m.unit = {unit:String} OR {% include 'parts/shown_unit.sql' %} = {unit:String})
{% else %}
AND m.{{ name }} = {{ '{' }}{{ name }}:String}
{% endif %}
{% endfor %}
{% if by_last_operation %}
AND (m.plant, m.order_id, m.operation) IN
(
    SELECT plant, order_id, argMax(operation, (toUInt64OrZero(operation), operation))
    FROM te_staging.confirmations
    WHERE order_id IN (SELECT order_id FROM te_marts.scrap_rate_sources AS m WHERE {% include 'parts/where.sql' %})
    GROUP BY plant, order_id
)
{% endif %}
