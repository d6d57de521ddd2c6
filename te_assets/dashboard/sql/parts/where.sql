{#- Conditions of the filters that are given (`given`: their names), on a table with production days; values are bound. -#}
production_day BETWEEN {first_day:Date} AND {last_day:Date}
{% if 'plant' in given %}
AND plant IN {plant:Array(String)}
{% endif %}
{% if 'line' in given %}
AND {{ line_column | default("(plant, work_center) IN (SELECT plant, work_center FROM te_ops.work_centers WHERE line IN {line:Array(String)})") }}
{% endif %}
{% if 'work_center' in given %}
AND work_center IN {work_center:Array(String)}
{% endif %}
{% if 'shift' in given %}
AND shift IN {shift:Array(String)}
{% endif %}
{% if 'material' in given %}
AND material IN {material:Array(String)}
{% endif %}
{% if 'reason_class' in given %}
AND reason_class IN {reason_class:Array(String)}
{% endif %}
