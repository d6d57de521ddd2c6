-- Conservation: rows read = published = raw, and raw = accepted + rejected + skipped + duplicates. difference must be 0.
-- One line per publication; for events one line per topic id, partition and contract.
CREATE OR REPLACE VIEW te_ops.conservation SQL SECURITY DEFINER AS
WITH
    published AS
    (
        SELECT model, sha256 AS file_sha256, contract, '' AS stream, argMax(name, at) AS name,
               argMax(rows_read, at) AS rows_read, argMax(rows_published, at) AS rows_published
        FROM te_ops.files
        WHERE state = 'PUBLISHED'
        GROUP BY model, sha256, contract
    ),
    raw AS
    (
        SELECT model, file_sha256, contract, if(file_sha256 = '', concat(toString(topic_id), '/', toString(partition)), '') AS stream, count() AS raw
        FROM
        (
            SELECT 'interactions' AS model, file_sha256, contract, topic_id, partition, offset, line FROM te_raw.interactions FINAL
            UNION ALL
            SELECT 'confirmations' AS model, file_sha256, contract, topic_id, partition, offset, line FROM te_raw.confirmations FINAL
        )
        GROUP BY ALL
    ),
    typed AS
    (
        SELECT model, file_sha256, contract, if(file_sha256 = '', concat(toString(topic_id), '/', toString(partition)), '') AS stream,
               uniqExactIf((topic_id, partition, offset, line), verdict = 'accepted') AS accepted,
               uniqExactIf((topic_id, partition, offset, line), verdict = 'rejected') AS rejected,
               uniqExactIf((topic_id, partition, offset, line), verdict = 'skipped') AS skipped,
               uniqExactIf((topic_id, partition, offset, line), verdict = 'duplicate') AS duplicates
        FROM
        (
            SELECT 'interactions' AS model, file_sha256, contract, topic_id, partition, offset, line, 'accepted' AS verdict FROM te_staging.interactions_history
            UNION ALL
            SELECT 'confirmations' AS model, file_sha256, contract, topic_id, partition, offset, line, 'accepted' AS verdict FROM te_staging.confirmations_history
            UNION ALL
            SELECT model, file_sha256, contract, topic_id, partition, offset, line, 'rejected' AS verdict FROM te_staging.rejected_rows
            UNION ALL
            SELECT model, file_sha256, contract, topic_id, partition, offset, line, toString(why) AS verdict FROM te_staging.set_aside_rows
        )
        GROUP BY ALL
    )
SELECT
    model, file_sha256, contract, stream, name, rows_read,
    if(stream = '', rows_published, raw) AS rows_published,
    raw, accepted, rejected, skipped, duplicates,
    if(stream = '', abs(toInt64(rows_read) - toInt64(rows_published)) + abs(toInt64(rows_published) - toInt64(raw)), 0)
        + abs(toInt64(raw) - toInt64(accepted + rejected + skipped + duplicates)) AS difference
FROM
(
    SELECT model, file_sha256, contract, stream, any(name) AS name,
           sum(rows_read) AS rows_read, sum(rows_published) AS rows_published, sum(raw) AS raw,
           sum(accepted) AS accepted, sum(rejected) AS rejected, sum(skipped) AS skipped, sum(duplicates) AS duplicates
    FROM
    (
        SELECT model, file_sha256, contract, stream, name, rows_read, rows_published, 0 AS raw, 0 AS accepted, 0 AS rejected, 0 AS skipped, 0 AS duplicates FROM published
        UNION ALL
        SELECT model, file_sha256, contract, stream, '', 0, 0, raw, 0, 0, 0, 0 FROM raw
        UNION ALL
        SELECT model, file_sha256, contract, stream, '', 0, 0, 0, accepted, rejected, skipped, duplicates FROM typed
    )
    GROUP BY model, file_sha256, contract, stream
);

-- Days that wait to be restated: touched after they were last cleared.
CREATE OR REPLACE VIEW te_ops.waiting_days SQL SECURITY DEFINER AS
SELECT model, production_day, max(t.sequence) AS sequence, groupUniqArray(t.plant) AS plants, groupUniqArray(t.why) AS why
FROM
(
    SELECT model, production_day, plant, sequence, why, cleared_at,
           maxIf(sequence, cleared_at IS NOT NULL) OVER (PARTITION BY model, production_day) AS cleared_to
    FROM te_ops.touched_days
) AS t
WHERE t.cleared_at IS NULL AND t.sequence > t.cleared_to
GROUP BY model, production_day;

-- What deliveries of interactions cover, per work center: plant-wide declarations count for each of its work centers.
CREATE OR REPLACE VIEW te_ops.coverage_periods SQL SECURITY DEFINER AS
SELECT model, source, plant, if(c.work_center = '', w.work_center, c.work_center) AS work_center, covers_from, covers_until
FROM
(
    SELECT model, source, file_sha256, contract, plant, work_center, min(covers_from) AS covers_from, max(covers_until) AS covers_until
    FROM te_ops.coverage
    GROUP BY model, source, file_sha256, contract, plant, work_center
) AS c
LEFT JOIN (SELECT plant, work_center FROM te_ops.work_centers) AS w ON c.plant = w.plant AND c.work_center = ''
WHERE if(c.work_center = '', w.work_center, c.work_center) != '';
