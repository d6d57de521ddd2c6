-- Typed and rejected lines of the last day and of the thirty days before. One row.
SELECT
    sumIf(lines, is_recent) AS recent, sumIf(rejected, is_recent) AS recent_rejected,
    sumIf(lines, NOT is_recent) AS usual, sumIf(rejected, NOT is_recent) AS usual_rejected
FROM
(
    SELECT lines, rejected, at > now64(6, 'UTC') - toIntervalDay(1) AS is_recent
    FROM te_ops.typing_ledger
    WHERE topic = {topic:String} AND state = 'LOADED' AND at > now64(6, 'UTC') - toIntervalDay(31)
)
