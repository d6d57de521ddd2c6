-- Warnings on accepted rows; a key that the same file holds again with other content is one of them.
INSERT INTO te_staging.row_notes (model, contract, file_sha256, sheet, row, column, rule, message, value, topic_id, partition, offset, line)
SELECT {model:String}, contract, file_sha256, sheet, row, note.1, note.2, note.3, note.4, topic_id, partition, offset, line
FROM {{ batch }} AS b
ARRAY JOIN notes AS note
WHERE verdict = 'accepted' {{ not_duplicate }}
UNION ALL
SELECT {model:String}, b.contract, b.file_sha256, b.sheet, b.row, '', 'later_row_wins', 'a later row of the same file has the same key with other content; the later row counts', b.business_key, b.topic_id, b.partition, b.offset, b.line
FROM {{ batch }} AS b
INNER JOIN {{ contested }} AS c ON b.business_key = c.business_key
WHERE b.verdict = 'accepted' AND b.file_sha256 != '' {{ not_duplicate }} AND b.version < c.head_version AND b.version.origin = c.head_version.origin
