-- The interactions that reach into the range, classified, and the executions of valid confirmations (rank 9). One row per
-- interaction and confirmation; lives as long as one computation. Instants in milliseconds since 1970.
-- Classes, policies and the data horizon are the site's of now, so that all days of a range are judged alike.
CREATE OR REPLACE TABLE {{ spans }} ENGINE = Memory SETTINGS compress = 1 AS
WITH
machine_stops AS
(
    SELECT
        plant, work_center, interaction_id, reason_code, business_key, reason_text, file_sha256, sheet, row, topic_id, partition, offset,
        line, started_at, ended_at
    FROM te_staging.interactions
    WHERE production_day BETWEEN {first:Date} AND {last:Date}
    UNION ALL
    -- Stops of earlier days that reach into the range, from history, so that it does not matter which day is restated first.
    SELECT
        plant, work_center, interaction_id, reason_code, business_key, reason_text, file_sha256, sheet, row, topic_id, partition, offset,
        line, started_at, ended_at
    FROM
    (
        SELECT *
        FROM te_staging.interactions_history
        WHERE production_day < {first:Date} AND (production_day, business_key) IN
        (
            SELECT production_day, business_key
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
stops AS
(
    SELECT
        s.plant AS plant, s.work_center AS work_center, s.interaction_id AS interaction_id, s.reason_code AS reason_code,
        s.business_key AS business_key, s.reason_text AS reason_text, s.file_sha256 AS file_sha256, s.sheet AS sheet, s.row AS row,
        s.topic_id AS topic_id, s.partition AS partition, s.offset AS offset, s.line AS line,
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
    FROM machine_stops AS s
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
SELECT
    plant, work_center, interaction_id, reason_code, business_key, reason_text, file_sha256, sheet, row, topic_id, partition, offset, line,
    starts, ends, logged, is_open, is_short, class, rank
FROM stops
UNION ALL
SELECT
    plant, work_center, '', '', business_key, '', '', '', 0, toUUID('00000000-0000-0000-0000-000000000000'), 0, 0, 0,
    toUnixTimestamp64Milli(started_at), toUnixTimestamp64Milli(finished_at), 0, false, false, '', 9
FROM {{ executions }}
WHERE (plant, confirmation, counter) NOT IN
(
    {% set among %}SELECT plant, confirmation, counter FROM {{ executions }}{% endset %}
    {% include 'staging/cancelled.sql' +%}
)
