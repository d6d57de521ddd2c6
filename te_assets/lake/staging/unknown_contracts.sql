-- Raw lines whose contract nobody knows become rejected rows, so that their neighbours go on. One row per raw line.
INSERT INTO te_staging.rejected_rows (model, contract, file_sha256, sheet, row, column, rule, message, value, payload, topic_id, partition, offset, line)
SELECT
    {model:String}, contract, file_sha256, sheet, row, '', 'unknown_contract',
    concat('the message names the contract "', contract, '", which is neither shipped nor in $TE_SITE/sources; add it there and reprocess'),
    contract, payload, topic_id, partition, offset, line
FROM te_raw.{{ model.name }} FINAL
WHERE ({{ ranges }}) AND contract NOT IN {contracts:Array(String)}
