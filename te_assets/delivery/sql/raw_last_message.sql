-- The last message that te_raw.{table:Identifier} has between two offsets: its offset, its lines, their hash. One row or none.
SELECT offset, uniqExact(line) AS lines, sum(hash) AS hash
FROM
(
    SELECT offset, line, any(xxHash64(payload)) AS hash
    FROM te_raw.{table:Identifier}
    WHERE topic_id = {topic_id:UUID} AND partition = {partition:UInt32} AND offset =
    (
        SELECT max(offset)
        FROM te_raw.{table:Identifier}
        WHERE topic_id = {topic_id:UUID} AND partition = {partition:UInt32} AND offset BETWEEN {lo:UInt64} AND {hi:UInt64}
    )
    GROUP BY offset, line
)
GROUP BY offset
