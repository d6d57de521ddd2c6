-- Columns without a field in the newest publication of a contract that the one before it did not have. One row per contract.
SELECT contract, name, new
FROM
(
    SELECT
        contract, name, JSONExtract(manifest, 'unmapped', 'Array(String)') AS unmapped,
        lagInFrame(unmapped) OVER in_time AS before, count() OVER in_time AS number,
        row_number() OVER (PARTITION BY contract ORDER BY exported_at DESC, at DESC) = 1 AS is_newest,
        arrayFilter(column -> NOT has(before, column), unmapped) AS new
    FROM te_ops.files
    WHERE model = {model:String} AND state = 'PUBLISHED'
    WINDOW in_time AS (PARTITION BY contract ORDER BY exported_at, at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
WHERE is_newest AND number > 1 AND notEmpty(new)
ORDER BY contract
