-- What files that declare a period are complete for: publications of snapshot contracts that were typed whole and are not on record yet.
-- One row per publication, plant and work center (empty: all of the plant).
SELECT {model:String} AS model, splitByChar('@', p.contract)[1] AS source, p.sha256, p.contract, h.plant, h.work_center, p.first_day, p.last_day, h.exported_at
FROM
(
    SELECT
        sha256, contract, argMax(rows_published, at) AS rows,
        toDate(JSONExtractString(argMax(manifest, at), 'period', 1)) AS first_day, toDate(JSONExtractString(argMax(manifest, at), 'period', 2)) AS last_day
    FROM te_ops.files
    WHERE state = 'PUBLISHED' AND JSONType(manifest, 'period') = 'Array' AND contract IN {contracts:Array(String)}
    GROUP BY sha256, contract
    HAVING (sha256, contract) NOT IN (SELECT file_sha256, contract FROM te_ops.snapshots)
) AS p
INNER JOIN te_ops.conservation AS c ON p.sha256 = c.file_sha256 AND p.contract = c.contract
INNER JOIN
(
    SELECT
        file_sha256, contract, plant, if(contract IN {of_plants:Array(String)}, '', toString(h.work_center)) AS work_center,
        max(h.exported_at) AS exported_at
    FROM te_staging.{{ model.name }}_history AS h
    WHERE contract IN {contracts:Array(String)} AND NOT is_tombstone
    GROUP BY file_sha256, contract, plant, work_center
) AS h ON p.sha256 = h.file_sha256 AND p.contract = h.contract
WHERE c.accepted + c.rejected + c.skipped + c.duplicates = p.rows
