-- Corrections of every kind: files that stop counting, publications that a newer contract replaces, rows that left a snapshot.
CREATE TABLE IF NOT EXISTS te_ops.corrections
(
    kind Enum8('retracted' = 1, 'superseded' = 2) COMMENT 'retracted: the file stops counting; superseded: read again under a newer version of its contract',
    file_sha256 String COMMENT 'Workbook',
    contract LowCardinality(String) COMMENT 'Superseded publication; empty: every publication of the file',
    counts Bool COMMENT 'false: its rows do not count from now on; true: they count again',
    state Enum8('PLANNED' = 1, 'DONE' = 2) COMMENT 'DONE: history was settled and the days are touched',
    reason String COMMENT 'Why, for a person',
    run_id String COMMENT 'Dagster run',
    at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'UTC'
)
ENGINE = MergeTree ORDER BY (file_sha256, contract, at) COMMENT 'Which publications count; the newest line of each kind tells';

CREATE OR REPLACE VIEW te_ops.retracted_files SQL SECURITY DEFINER AS
SELECT file_sha256, argMax(reason, at) AS reason, max(at) AS retracted_at
FROM te_ops.corrections
WHERE kind = 'retracted'
GROUP BY file_sha256
HAVING NOT argMax(counts, at);

CREATE OR REPLACE VIEW te_ops.superseded_publications SQL SECURITY DEFINER AS
SELECT file_sha256, contract
FROM te_ops.corrections
WHERE kind = 'superseded'
GROUP BY file_sha256, contract
HAVING NOT argMax(counts, at);

CREATE TABLE IF NOT EXISTS te_ops.snapshots
(
    model LowCardinality(String) COMMENT 'interactions or confirmations',
    source LowCardinality(String) COMMENT 'Name of the layout',
    file_sha256 String COMMENT 'Workbook that is complete for its scope',
    contract LowCardinality(String) COMMENT '<source>@<version>',
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center; empty: all of the plant',
    first_day Date COMMENT 'First production day that it is complete for',
    last_day Date COMMENT 'Last one, inclusive',
    exported_at DateTime64(3, 'UTC') COMMENT 'When the source system wrote it, UTC',
    at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'UTC'
)
ENGINE = ReplacingMergeTree(at) ORDER BY (model, source, plant, work_center, file_sha256, contract)
COMMENT 'Files that are complete: rows of their layout that they no longer have are gone';

-- Two publications of one file may hold the same version of a row: the key alone would keep only one of them.
{% for model in ('interactions', 'confirmations') %}
DROP TABLE IF EXISTS te_staging.{{ model }}_keys_of_publications;
CREATE TABLE te_staging.{{ model }}_keys_of_publications
(
    business_key String COMMENT 'Key of the row',
    version Tuple(changed_at DateTime64(3, 'UTC'), exported_at DateTime64(3, 'UTC'), origin String, sheet String, row UInt32) COMMENT 'Version of the row',
    production_day Date COMMENT 'Partition of history that holds the version',
    production_days Array(Date) COMMENT 'Every production day that the version reaches',
    is_open Bool COMMENT 'An interaction without end: reaches up to the data horizon',
    plant LowCardinality(String) COMMENT 'Plant',
    publication LowCardinality(String) COMMENT '<sha256>@<contract>; events: @<contract>',
    content_hash UInt64 COMMENT 'Of the typed values'
)
ENGINE = ReplacingMergeTree ORDER BY (business_key, version, publication)
COMMENT 'Versions by business key: the newest one and the days it reaches';
INSERT INTO te_staging.{{ model }}_keys_of_publications SELECT * FROM te_staging.{{ model }}_keys;
EXCHANGE TABLES te_staging.{{ model }}_keys AND te_staging.{{ model }}_keys_of_publications;
DROP TABLE te_staging.{{ model }}_keys_of_publications;
{% endfor %}

-- As before, without what does not count.
CREATE OR REPLACE VIEW te_staging.cancellations SQL SECURITY DEFINER AS
SELECT DISTINCT plant, confirmation, cancelled_counter AS counter
FROM
(
    SELECT plant, confirmation, cancelled_counter, is_superseded, is_tombstone
    FROM te_staging.confirmations_history
    WHERE business_key IN (SELECT business_key FROM te_staging.confirmations_history WHERE cancelled_counter != '')
      AND file_sha256 NOT IN (SELECT file_sha256 FROM te_ops.retracted_files)
      AND (file_sha256, contract) NOT IN (SELECT file_sha256, contract FROM te_ops.superseded_publications)
    ORDER BY production_day, business_key, version DESC, content_hash DESC, contract DESC, is_superseded
    LIMIT 1 BY production_day, business_key
)
WHERE cancelled_counter != '' AND NOT is_superseded AND NOT is_tombstone;

CREATE OR REPLACE VIEW te_ops.coverage_periods SQL SECURITY DEFINER AS
SELECT model, source, plant, if(c.work_center = '', w.work_center, c.work_center) AS work_center, covers_from, covers_until
FROM
(
    SELECT model, source, file_sha256, contract, plant, work_center, min(covers_from) AS covers_from, max(covers_until) AS covers_until
    FROM te_ops.coverage
    WHERE file_sha256 NOT IN (SELECT file_sha256 FROM te_ops.retracted_files)
      AND (file_sha256, contract) NOT IN (SELECT file_sha256, contract FROM te_ops.superseded_publications)
    GROUP BY model, source, file_sha256, contract, plant, work_center
) AS c
LEFT JOIN (SELECT plant, work_center FROM te_ops.work_centers) AS w ON c.plant = w.plant AND c.work_center = ''
WHERE if(c.work_center = '', w.work_center, c.work_center) != '';

CREATE OR REPLACE VIEW te_ops.row_fates SQL SECURITY DEFINER AS
SELECT 'interactions' AS model, contract, file_sha256, sheet, row,
       multiIf(file_sha256 IN (SELECT file_sha256 FROM te_ops.retracted_files), 'retracted',
               (file_sha256, contract) IN (SELECT file_sha256, contract FROM te_ops.superseded_publications), 'superseded', 'accepted') AS fate,
       '' AS column, '' AS reason, production_day, business_key, topic_id, partition, offset, line
FROM te_staging.interactions_history
WHERE NOT is_superseded AND NOT is_tombstone
UNION ALL
SELECT 'confirmations', contract, file_sha256, sheet, row,
       multiIf(file_sha256 IN (SELECT file_sha256 FROM te_ops.retracted_files), 'retracted',
               (file_sha256, contract) IN (SELECT file_sha256, contract FROM te_ops.superseded_publications), 'superseded', 'accepted'),
       '', '', production_day, business_key, topic_id, partition, offset, line
FROM te_staging.confirmations_history
WHERE NOT is_superseded AND NOT is_tombstone
UNION ALL
SELECT model, contract, file_sha256, sheet, row, if(resolved_by_file = '', 'rejected', 'repaired'), column, message, NULL, '', topic_id, partition, offset, line
FROM te_staging.rejected_rows FINAL
UNION ALL
SELECT model, contract, file_sha256, sheet, row, why, '', rule, NULL, '', topic_id, partition, offset, line
FROM te_staging.set_aside_rows FINAL;

-- Tombstones stand in history without a line of raw: they are no accepted rows.
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
            SELECT 'interactions' AS model, file_sha256, contract, topic_id, partition, offset, line, 'accepted' AS verdict FROM te_staging.interactions_history WHERE NOT is_tombstone
            UNION ALL
            SELECT 'confirmations' AS model, file_sha256, contract, topic_id, partition, offset, line, 'accepted' AS verdict FROM te_staging.confirmations_history WHERE NOT is_tombstone
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
