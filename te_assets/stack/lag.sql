-- Where the next load begins, one row per topic and partition of the topics that exist now.
SELECT topic, topic_id, partition, max(next) AS next
FROM te_ops.load_ledger
WHERE state IN ('LOADED', 'GAP') AND topic_id IN {topic_ids:Array(UUID)}
GROUP BY topic, topic_id, partition
