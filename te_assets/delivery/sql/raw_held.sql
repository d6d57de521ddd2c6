-- What te_raw.{table:Identifier} holds of a range of offsets: distinct lines, their hash, lines there more than once. One row.
SELECT
    count() AS lines,
    sum(hash) AS hash,
    sum(copies) - count() AS surplus
FROM
(
    SELECT any(xxHash64(payload)) AS hash, count() AS copies
    FROM te_raw.{table:Identifier}
    WHERE topic_id = {topic_id:UUID} AND partition = {partition:UInt32} AND offset BETWEEN {lo:UInt64} AND {hi:UInt64}
    GROUP BY offset, line
)
