{#- Hour (x) and weekday (y, 1 = Monday) at which slots of `step` seconds begin on the clocks of their plants, of rows with plant and slot. -#}
{#- ClickHouse takes the zone of a conversion as a constant: one branch per zone; a plant that the site no longer has keeps UTC. -#}
{% for name, function in (('x', 'toHour'), ('y', 'toDayOfWeek')) %}
multiIf(
    {% for zone in zones %}
    m.plant IN {{ '{' }}plants_{{ loop.index0 }}:Array(String)}, {{ function }}(toDateTime(m.slot * {step:Int64}, {{ '{' }}zone_{{ loop.index0 }}:String})),
    {% endfor %}
    {{ function }}(toDateTime(m.slot * {step:Int64}, 'UTC'))
) AS {{ name }},
{% endfor %}
