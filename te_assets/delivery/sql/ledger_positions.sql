-- Where loading goes on: per topic, topic id and partition the end of the last range that is loaded or a known gap, and
-- the begin of the last loaded range that has messages (equal to the position where there is none).
SELECT
    topic,
    topic_id,
    partition,
    maxIf(next, state != 'PLANNED') AS position,
    if(countIf(state = 'LOADED' AND messages > 0) = 0, position, maxIf(lo, state = 'LOADED' AND messages > 0)) AS last_range
FROM te_ops.load_ledger
WHERE {topic:String} IN ('', topic)
GROUP BY topic, topic_id, partition
ORDER BY topic, topic_id, partition
