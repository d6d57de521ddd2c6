-- Publications that still count although the same file was typed whole under a newer version of their contract. One row per publication.
WITH published AS
(
    SELECT
        sha256, contract, model, argMax(rows_published, at) AS rows,
        splitByChar('@', contract)[1] AS source, toUInt32OrZero(splitByChar('@', contract)[2]) AS contract_version
    FROM te_ops.files
    WHERE state = 'PUBLISHED' AND sha256 IN
    (
        SELECT sha256
        FROM te_ops.files
        WHERE state = 'PUBLISHED'
        GROUP BY sha256, splitByChar('@', contract)[1]
        HAVING uniqExact(contract) > 1
    )
    GROUP BY sha256, contract, model
)
SELECT o.sha256, o.contract, argMax(n.contract, n.contract_version) AS newer
FROM published AS o
INNER JOIN published AS n ON o.sha256 = n.sha256 AND o.source = n.source
INNER JOIN te_ops.conservation AS c ON n.sha256 = c.file_sha256 AND n.contract = c.contract
WHERE n.contract_version > o.contract_version AND c.accepted + c.rejected + c.skipped + c.duplicates = n.rows
  AND (o.sha256, o.contract) NOT IN (SELECT file_sha256, contract FROM te_ops.superseded_publications)
GROUP BY o.sha256, o.contract
