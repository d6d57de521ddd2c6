{% include 'parts/where.sql' +%}
{% if 'reason_code' in given %}
AND reason_code IN {reason_code:Array(String)}
{% endif %}
{% if 'interaction_id' in given %}
AND interaction_id = {interaction_id:String}
{% endif %}
