-- Offsets between loaded ranges that nothing tells of. One row per hole; offsets known to be lost (GAP) are none.
SELECT partition, until AS first, lo AS next
FROM
(
    SELECT
        partition, lo, count() OVER before AS ranges_before, max(next) OVER before AS until
    FROM te_ops.load_ledger
    WHERE topic = {topic:String} AND state IN ('LOADED', 'GAP')
    WINDOW before AS (PARTITION BY topic_id, partition ORDER BY lo, next ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
WHERE ranges_before > 0 AND lo > until
ORDER BY partition, first
LIMIT 100
