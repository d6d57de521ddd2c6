-- The newest version per business key and production day, unless it went to another day or left its source. One row per business key.
SELECT * FROM
(
    SELECT * FROM te_staging.{{ model.name }}_history
    WHERE production_day BETWEEN {first:Date} AND {last:Date} AND {{ counting }}
    -- Of an event that Kafka has twice the first line, whatever became of the runs that typed them.
    ORDER BY production_day, business_key, {{ newest_first }}, topic_id, partition, offset, line
    LIMIT 1 BY production_day, business_key
)
WHERE NOT is_superseded AND NOT is_tombstone
