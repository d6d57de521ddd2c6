-- Files that were published under several versions of a contract, of which an older one still counts. One row per publication.
SELECT sha256, contract
FROM
(
    SELECT sha256, contract, max(toUInt32OrZero(splitByChar('@', contract)[2])) OVER (PARTITION BY sha256, splitByChar('@', contract)[1]) AS newest
    FROM (SELECT DISTINCT sha256, contract FROM te_ops.files WHERE state = 'PUBLISHED')
)
WHERE toUInt32OrZero(splitByChar('@', contract)[2]) < newest
  AND (sha256, contract) NOT IN (SELECT file_sha256, contract FROM te_ops.superseded_publications)
