-- Availability or unplanned down time by weekday and hour of the plants' clocks. One row per cell that has a figure.
-- States are cut at the hours; planned busy time is all but planned stops and what lies outside shifts or was not delivered.
{% set within = 'least(s.ends, (slot + 1) * {step:Int64} * 1000) - greatest(s.starts, slot * {step:Int64} * 1000)' %}
SELECT
    {% include 'parts/local_hour.sql' +%}
    {% if measure == 'availability' %}
    sum(m.running) / 1000 AS numerator, sum(m.busy) / 1000 AS denominator, numerator / denominator AS value
    {% else %}
    sum(m.down) / 1000 AS value, NULL AS numerator, NULL AS denominator
    {% endif %}
FROM
(
    SELECT
        s.plant AS plant, slot, sum({{ within }}) AS busy,
        sumIf({{ within }}, s.state IN ('production', 'unexplained', 'short_stop')) AS running,
        sumIf({{ within }}, s.state IN {classes:Array(String)}) AS down
    FROM
    (
        SELECT plant, state, toUnixTimestamp64Milli(started_at) AS starts, toUnixTimestamp64Milli(ended_at) AS ends
        FROM {{ mart }}
        WHERE {% include 'parts/where.sql' +%}
        AND state NOT IN ('planned', 'outside_calendar', 'no_data') AND started_at < ended_at
    ) AS s
    ARRAY JOIN range(toUInt64(intDiv(s.starts, {step:Int64} * 1000)), toUInt64(intDiv(s.ends - 1, {step:Int64} * 1000) + 1)) AS slot
    GROUP BY s.plant, slot
) AS m
GROUP BY x, y
ORDER BY y, x
