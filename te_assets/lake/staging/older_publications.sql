-- The newest publication of each file of a source, where it is older than a version of the contract, in the order of export.
-- One row per file: name, SHA-256, contract, model.
SELECT name, sha256, contract, model
FROM
(
    SELECT
        sha256, argMax(name, v) AS name, argMax(contract, v) AS contract, argMax(model, v) AS model, argMax(exported_at, v) AS exported_at,
        max(toUInt32OrZero(splitByChar('@', f.contract)[2])) AS newest_version
    FROM (SELECT *, (toUInt32OrZero(splitByChar('@', contract)[2]), at) AS v FROM te_ops.files WHERE state = 'PUBLISHED') AS f
    WHERE splitByChar('@', f.contract)[1] = splitByChar('@', {newest:String})[1]
    GROUP BY sha256
)
WHERE newest_version < toUInt32(splitByChar('@', {newest:String})[2])
  AND
  (
      ({first:Date} = '1970-01-01' AND {last:Date} = '2148-12-31')
      OR sha256 IN (SELECT file_sha256 FROM te_staging.interactions_history WHERE production_day BETWEEN {first:Date} AND {last:Date})
      OR sha256 IN (SELECT file_sha256 FROM te_staging.confirmations_history WHERE production_day BETWEEN {first:Date} AND {last:Date})
  )
ORDER BY exported_at, sha256
