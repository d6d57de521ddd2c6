-- Ledger lines of one partition whose ranges end behind an offset, in the order of their begins. One row per line.
SELECT lo, hi, next, messages, lines, hash, plan_id, toString(state) AS state, surplus
FROM te_ops.load_ledger
WHERE topic_id = {topic_id:UUID} AND partition = {partition:UInt32} AND next > {since:UInt64}
ORDER BY lo, at
