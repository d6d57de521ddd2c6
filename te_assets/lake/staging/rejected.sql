-- One line per rejected row and reason.
INSERT INTO te_staging.rejected_rows (model, contract, file_sha256, sheet, row, column, rule, message, value, payload, topic_id, partition, offset, line)
SELECT {model:String}, contract, file_sha256, sheet, row, fault.1, fault.2, fault.3, fault.4, payload, topic_id, partition, offset, line
FROM {{ batch }}
ARRAY JOIN faults AS fault
WHERE verdict = 'rejected'
