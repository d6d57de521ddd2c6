-- How many spans `timeline.sql` would yield for some lengths of a pixel. One row: an array, in the order of the lengths.
SELECT
    [
        {% for number in range(1, lengths + 1) %}
        {% set pixel = '{pixels:Array(Int64)}[' ~ number ~ ']' %}
        countIf(m.lasts >= {{ pixel }})
            + uniqExactIf((m.plant, m.work_center, intDiv(m.begins, {{ pixel }})), m.lasts < {{ pixel }}){{ '' if loop.last else ',' }}
        {% endfor %}
    ] AS spans
FROM
(
    SELECT
        plant, work_center, toUnixTimestamp64Milli(started_at) - {starts:Int64} AS begins,
        dateDiff('millisecond', started_at, ended_at) AS lasts
    FROM {{ mart }}
    WHERE {% include 'parts/states_where.sql' +%}
) AS m
