-- Accepted lines that say the same as the row before them with the same key in the same file (or the same event again). One row per raw line.
WITH
    candidates AS
    (
        SELECT business_key FROM {{ batch }} WHERE verdict = 'accepted' GROUP BY business_key HAVING count() > 1
        UNION ALL
        SELECT business_key FROM {{ known }} WHERE is_same_publication
    ),
    versions AS
    (
        SELECT business_key, contract, version, content_hash, true AS is_batch, topic_id, partition, offset, line
        FROM {{ batch }}
        WHERE verdict = 'accepted' AND business_key IN (candidates)
        UNION ALL
        SELECT business_key, contract, version, content_hash, false, toUUID('00000000-0000-0000-0000-000000000000'), 0, 0, 0
        FROM {{ known }}
        WHERE is_same_publication
    )
SELECT topic_id, partition, offset, line
FROM
(
    SELECT
        topic_id, partition, offset, line, is_batch,
        (content_hash, version.changed_at, version.exported_at, version.origin, version.sheet, contract) AS said,
        lagInFrame(said, 1, (toUInt64(0), toDateTime64(0, 3, 'UTC'), toDateTime64(0, 3, 'UTC'), '', '', ''))
            OVER (PARTITION BY business_key, contract, version.origin ORDER BY version, topic_id, partition, offset, line ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS said_before
    FROM versions
)
WHERE is_batch AND said = said_before
