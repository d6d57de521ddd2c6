-- One line of the load ledger.
INSERT INTO te_ops.load_ledger
    (topic, topic_id, partition, lo, hi, next, messages, lines, hash, state, surplus, plan_id, run_id)
SELECT
    {topic:String}, {topic_id:UUID}, {partition:UInt32}, {lo:UInt64}, {hi:UInt64}, {next:UInt64}, {messages:UInt64},
    {lines:UInt64}, {hash:UInt64}, {state:String}, {surplus:UInt64}, {plan_id:UUID}, {run_id:String}
SETTINGS async_insert = 0, insert_deduplicate = 0
