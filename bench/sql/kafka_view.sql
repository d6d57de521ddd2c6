-- One row per line of the messages. The engine does not know the topic's id.
CREATE MATERIALIZED VIEW te_bench.confirmations_view TO te_bench.confirmations AS
SELECT
    _topic AS topic,
    toUUID('00000000-0000-0000-0000-000000000000') AS topic_id,
    toUInt32(_partition) AS partition,
    _offset AS offset,
    line,
    assumeNotNull(_timestamp_ms) AS kafka_time,
    _key AS key,
    `_headers.value`[indexOf(`_headers.name`, 'te_file_sha256')] AS file_sha256,
    `_headers.value`[indexOf(`_headers.name`, 'te_sheet')] AS sheet,
    toUInt32(simpleJSONExtractUInt(payload, '_row')) AS row,
    `_headers.value`[indexOf(`_headers.name`, 'ce_dataschema')] AS contract,
    parseDateTime64BestEffortOrZero(`_headers.value`[indexOf(`_headers.name`, 'te_exported_at')], 3, 'UTC') AS exported_at,
    '' AS event_id,
    payload
FROM
(
    SELECT *, _topic, _partition, _offset, _timestamp_ms, _key, `_headers.name`, `_headers.value`, splitByChar('\n', value) AS lines
    FROM te_bench.confirmations_queue
)
ARRAY JOIN
    lines AS payload,
    arrayEnumerate(lines) AS line
