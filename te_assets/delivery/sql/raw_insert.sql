-- One row of {table:Identifier} per line of the messages sent with it, without lines that are already there.
INSERT INTO te_raw.{table:Identifier}
    (topic, topic_id, partition, offset, line, kafka_time, key, file_sha256, sheet, row, contract, exported_at, event_id, payload)
SELECT
    {topic:String},
    {topic_id:UUID},
    {partition:UInt32},
    offset,
    line,
    kafka_time,
    key,
    file_sha256,
    sheet,
    -- The reader writes _row first, which spares parsing the whole line; any other line is parsed.
    accurateCastOrDefault(
        if(startsWith(payload, '{"_row":'), simpleJSONExtractUInt(payload, '_row'), JSONExtractUInt(payload, '_row')),
        'UInt32'
    ) AS found_row,
    contract,
    exported_at,
    event_id,
    payload
FROM
(
    SELECT *, splitByChar('\n', trimRight(value, '\n')) AS lines
    FROM input('offset UInt64, kafka_time DateTime64(3, \'UTC\'), key String, file_sha256 String, sheet String, contract String, exported_at DateTime64(3, \'UTC\'), event_id String, value String')
)
ARRAY JOIN
    lines AS payload,
    arrayEnumerate(lines) AS line
WHERE (offset, line) NOT IN
(
    SELECT offset, line
    FROM te_raw.{table:Identifier}
    WHERE topic_id = {topic_id:UUID} AND partition = {partition:UInt32} AND offset BETWEEN {lo:UInt64} AND {hi:UInt64}
)
SETTINGS
    async_insert = 0,
    insert_deduplicate = 0,
    optimize_on_insert = 0,
    max_insert_threads = 1,
    -- All lines of a plan become one block, which is written whole or not at all.
    max_insert_block_size = 1000000000,
    min_insert_block_size_rows = 1000000000,
    min_insert_block_size_bytes = 0
FORMAT RowBinary
