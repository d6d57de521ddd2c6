{% include 'parts/where.sql' +%}
{% if by_class %}
AND state IN {classes:Array(String)}
{% endif %}
AND started_at < ended_at
