{% include 'parts/where.sql' +%}
{% for name in ('order_id', 'operation', 'unit') if name in given %}
AND {{ name }} = {{ '{' }}{{ name }}:String}
{% endfor %}
{% if 'scrap_reason_code' in given %}
AND scrap_reason_code IN {scrap_reason_code:Array(String)}
{% endif %}
{% if only in ('counting', 'scrap') %}
AND NOT is_reversed AND cancelled_counter = ''
{% endif %}
{% if only == 'scrap' %}
AND scrap_qty != 0
{% endif %}
{% if only == 'late' %}
AND posted_at > production_day
{% endif %}
