-- Contracts under which lines of stops were read. One row per line; its position as people write it.
SELECT concat(toString(topic_id), '/', toString(partition), '/', toString(offset), '/', toString(line)) AS raw, any(contract) AS contract
FROM te_staging.interactions_history
WHERE production_day <= {last_day:Date} AND business_key IN {keys:Array(String)}
  AND (topic_id, partition, offset, line) IN {lines:Array(Tuple(UUID, UInt32, UInt64, UInt32))}
GROUP BY raw
