-- Raw lines per model. (topic_id, partition, offset, line) identifies a line; a line written twice merges into one.
CREATE TABLE IF NOT EXISTS te_raw.interactions
(
    topic LowCardinality(String) COMMENT 'Kafka topic',
    topic_id UUID COMMENT 'Kafka topic id: a recreated topic has another one',
    partition UInt32 COMMENT 'Kafka partition',
    offset UInt64 COMMENT 'Kafka offset of the message',
    line UInt32 COMMENT 'Number of the line in the message, from 1',
    kafka_time DateTime64(3, 'UTC') COMMENT 'Time stamp of the message, UTC',
    key String COMMENT 'Key of the message: <sha256>/<sheet> for workbooks, the machine for events',
    file_sha256 LowCardinality(String) COMMENT 'SHA-256 of the workbook, lower-case hex; empty for events',
    sheet LowCardinality(String) COMMENT 'Sheet of the workbook; empty for events',
    row UInt32 COMMENT 'Excel row number, or index in the posted batch',
    contract LowCardinality(String) COMMENT 'Contract that the line follows, <source>@<version>',
    exported_at DateTime64(3, 'UTC') COMMENT 'When the source system wrote the file, UTC; for events the time of the event',
    event_id String COMMENT 'ce_id of an event; empty for workbooks',
    payload String COMMENT 'The line: one JSON object as it came, nothing parsed',
    loaded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the line was written here, UTC'
)
ENGINE = ReplacingMergeTree
ORDER BY (topic_id, partition, offset, line)
SETTINGS non_replicated_deduplication_window = 0
COMMENT 'Lines of the interactions topic';

CREATE TABLE IF NOT EXISTS te_raw.confirmations
(
    topic LowCardinality(String) COMMENT 'Kafka topic',
    topic_id UUID COMMENT 'Kafka topic id: a recreated topic has another one',
    partition UInt32 COMMENT 'Kafka partition',
    offset UInt64 COMMENT 'Kafka offset of the message',
    line UInt32 COMMENT 'Number of the line in the message, from 1',
    kafka_time DateTime64(3, 'UTC') COMMENT 'Time stamp of the message, UTC',
    key String COMMENT 'Key of the message: <sha256>/<sheet> for workbooks, the machine for events',
    file_sha256 LowCardinality(String) COMMENT 'SHA-256 of the workbook, lower-case hex; empty for events',
    sheet LowCardinality(String) COMMENT 'Sheet of the workbook; empty for events',
    row UInt32 COMMENT 'Excel row number, or index in the posted batch',
    contract LowCardinality(String) COMMENT 'Contract that the line follows, <source>@<version>',
    exported_at DateTime64(3, 'UTC') COMMENT 'When the source system wrote the file, UTC; for events the time of the event',
    event_id String COMMENT 'ce_id of an event; empty for workbooks',
    payload String COMMENT 'The line: one JSON object as it came, nothing parsed',
    loaded_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the line was written here, UTC'
)
ENGINE = ReplacingMergeTree
ORDER BY (topic_id, partition, offset, line)
SETTINGS non_replicated_deduplication_window = 0
COMMENT 'Lines of the confirmations topic';
