-- Common table expressions: the interactions that reach into the range, classified. One row per interaction in `stops`.
-- Classes, policies and the data horizon are the site's of now, so that all days of a range are judged alike.
machine_stops AS
(
    SELECT {{ carried | join(', ') }}, started_at, ended_at
    FROM te_staging.interactions
    WHERE production_day BETWEEN {first:Date} AND {last:Date}
    UNION ALL
    -- Stops of earlier days that reach into the range, from history, so that it does not matter which day is restated first.
    SELECT {{ carried | join(', ') }}, started_at, ended_at
    FROM
    (
        SELECT *
        FROM te_staging.interactions_history
        WHERE production_day < {first:Date} AND business_key IN
        (
            SELECT business_key
            FROM te_staging.interactions_history
            WHERE production_day < {first:Date}
              AND ifNull(ended_at, toDateTime64('2299-12-31 00:00:00', 3, 'UTC'))
                  > (SELECT min(starts_at) FROM te_ops.production_days WHERE production_day = {first:Date})
        )
        AND {{ counting }}
        ORDER BY production_day, business_key, {{ newest_first }}
        LIMIT 1 BY production_day, business_key
    )
    WHERE NOT is_superseded AND NOT is_tombstone
),
stop_rows AS
(
    {% if stations %}
    SELECT m.* EXCEPT work_center, u.part AS work_center, m.work_center AS station
    FROM machine_stops AS m
    INNER JOIN {{ stations }} AS u ON m.plant = u.plant AND m.work_center = u.work_center
    {% else %}
    SELECT * FROM machine_stops
    {% endif %}
),
stops AS
(
    SELECT
        {% for column in carried %}s.{{ column }} AS {{ column }}, {% endfor %}
        {% if stations %}s.station AS station,{% endif %}
        toUnixTimestamp64Milli(s.started_at) AS starts,
        s.ended_at IS NULL AS is_open,
        greatest(starts, toUnixTimestamp64Milli(assumeNotNull(s.ended_at))) AS logged_ends,
        if(is_open, 0, logged_ends - starts) AS logged,
        -- an open stop ends at the data horizon, and so does one that is said to end later
        multiIf(
            is_open, greatest(starts, h.data_until),
            h.data_until = 0, logged_ends,
            greatest(starts, least(logged_ends, h.data_until))
        ) AS ends,
        if(r.reason_class = '', 'unclassified', r.reason_class) AS class,
        NOT is_open AND class NOT IN ('planned', 'setup') AND logged < p.short_milliseconds AS is_short,
        -- who an instant counts for where stops overlap: the least rank, then the earlier start, then the smaller id
        multiIf(
            class = 'planned', 1,
            class = 'setup', 7,
            is_short AND p.short_stops_are_performance, 8,
            class = 'technical', 3,
            class = 'organisational', 4,
            class = 'other', 5,
            6
        ) AS rank
    FROM stop_rows AS s
    LEFT JOIN
    (
        SELECT plant, work_center, any(data_until) AS data_until FROM {{ cells }} GROUP BY plant, work_center
    ) AS h ON s.plant = h.plant AND s.work_center = h.work_center
    LEFT JOIN (SELECT reason_code, reason_class FROM te_ops.reasons) AS r ON s.reason_code = r.reason_code
    CROSS JOIN
    (
        SELECT
            toInt64(ifNull(toDecimal64OrNull(anyIf(value, name = 'short_stop_minutes'), 3), 5) * 60000) AS short_milliseconds,
            anyIf(value, name = 'short_stops') = 'performance' AS short_stops_are_performance
        FROM te_ops.policies
    ) AS p
)
