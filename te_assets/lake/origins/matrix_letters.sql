-- Columns of the cells that lines of a matrix come from. One row per line; its position as people write it.
-- Parameters: lines, tuples of topic id, partition, offset and line.
SELECT concat(toString(topic_id), '/', toString(partition), '/', toString(offset), '/', toString(line)) AS position, any(letter) AS letter
FROM te_ops.matrix_cells
WHERE (topic_id, partition, offset, line) IN {lines:Array(Tuple(UUID, UInt32, UInt64, UInt32))}
GROUP BY position
