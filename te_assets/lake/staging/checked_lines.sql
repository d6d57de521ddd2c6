-- Lines of a file that is only checked, as te_raw would hold them. One row per line.
INSERT INTO {{ lines }} (topic, topic_id, partition, offset, line, kafka_time, key, file_sha256, sheet, row, contract, exported_at, event_id, payload, loaded_at)
SELECT
    '', toUUID('00000000-0000-0000-0000-000000000000'), 0, 0, JSONExtractUInt(payload, '_row') AS excel_row, now64(3, 'UTC'), '',
    {sha256:String}, {sheet:String}, excel_row, {contract:String}, {exported_at:DateTime64(3, 'UTC')}, '', payload, now64(3, 'UTC')
FROM input('payload String')
FORMAT LineAsString
