-- Publications and event streams whose rows do not add up (docs/architecture.md, conservation), without those that are under way:
-- published, or loaded, less than {grace:UInt32} minutes ago. One row per publication or stream.
SELECT name, contract, stream, rows_read, rows_published, raw, accepted, rejected, skipped, duplicates, difference
FROM te_ops.conservation
WHERE model = {model:String} AND difference != 0
  AND (file_sha256, contract) NOT IN
      (SELECT sha256, contract FROM te_ops.files WHERE at > now64(6, 'UTC') - toIntervalMinute({grace:UInt32}))
  AND stream NOT IN
      (SELECT concat(toString(topic_id), '/', toString(partition)) FROM te_ops.load_ledger WHERE at > now64(6, 'UTC') - toIntervalMinute({grace:UInt32}))
ORDER BY difference DESC
LIMIT 100
