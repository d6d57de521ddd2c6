-- A tombstone for every row that left its snapshot, on the production day where the row stood. It has no line of raw.
INSERT INTO te_staging.{{ model.name }}_history
SELECT
    h.* REPLACE
    (
        l.snapshot_exported_at AS exported_at,
        CAST((l.snapshot_exported_at, l.snapshot_exported_at, l.snapshot_sha256, '', 0), 'Tuple(changed_at DateTime64(3, \'UTC\'), exported_at DateTime64(3, \'UTC\'), origin String, sheet String, row UInt32)') AS version,
        l.snapshot_sha256 AS file_sha256, l.snapshot_contract AS contract, '' AS sheet, 0 AS row,
        toUUID('00000000-0000-0000-0000-000000000000') AS topic_id, 0 AS partition, 0 AS offset, 0 AS line,
        0 AS content_hash, true AS is_tombstone, false AS is_superseded
    )
FROM
(
    SELECT *
    FROM te_staging.{{ model.name }}_history
    WHERE (business_key, production_day, version) IN (SELECT business_key, production_day, version FROM {{ left_rows }})
    ORDER BY business_key, production_day, version, content_hash DESC, contract DESC
    LIMIT 1 BY business_key, production_day, version
) AS h
INNER JOIN {{ left_rows }} AS l ON h.business_key = l.business_key AND h.production_day = l.production_day AND h.version = l.version
