-- Rows that are neither accepted nor rejected: skipped by contract, or duplicates.
INSERT INTO te_staging.set_aside_rows (model, contract, file_sha256, sheet, row, why, rule, topic_id, partition, offset, line)
SELECT {model:String}, contract, file_sha256, sheet, row, if(verdict = 'skipped', 'skipped', 'duplicate'), skip, topic_id, partition, offset, line
FROM {{ batch }}
WHERE verdict = 'skipped'
   OR (verdict = 'accepted' AND (topic_id, partition, offset, line) IN (SELECT topic_id, partition, offset, line FROM {{ duplicates }}))
