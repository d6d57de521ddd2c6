-- What became of the lines of one file, per contract: how many were accepted, rejected, skipped or known already, and the
-- production days of those accepted that still wait to be restated. One row per contract that has lines. Lines that are
-- being typed do not count yet: history has them before the days that they touch are told.
-- Parameter: sha256.
WITH typed AS
(
    SELECT topic_id, partition, max(next) AS typed_until
    FROM te_ops.typing_ledger
    WHERE state = 'LOADED'
    GROUP BY topic_id, partition
),
judged AS
(
    SELECT contract, topic_id, partition, offset, line, 'accepted' AS verdict, production_day
    FROM te_staging.{{ model }}_history
    WHERE file_sha256 = {sha256:String} AND NOT is_tombstone
    UNION ALL
    SELECT contract, topic_id, partition, offset, line, 'rejected', toDate(0)
    FROM te_staging.rejected_rows
    WHERE model = '{{ model }}' AND file_sha256 = {sha256:String}
    UNION ALL
    SELECT contract, topic_id, partition, offset, line, toString(why), toDate(0)
    FROM te_staging.set_aside_rows
    WHERE model = '{{ model }}' AND file_sha256 = {sha256:String}
),
lines AS
(
    SELECT contract, (topic_id, partition, offset, line) AS position, verdict, production_day
    FROM judged
    INNER JOIN typed USING (topic_id, partition)
    WHERE offset < typed_until
)
SELECT
    contract,
    uniqExactIf(position, verdict = 'accepted') AS accepted,
    uniqExactIf(position, verdict = 'rejected') AS rejected,
    uniqExactIf(position, verdict = 'skipped') AS skipped,
    uniqExactIf(position, verdict = 'duplicate') AS duplicates,
    uniqExactIf(production_day, verdict = 'accepted' AND production_day IN (
        SELECT production_day FROM te_ops.waiting_days WHERE model = '{{ model }}'
    )) AS waiting_days
FROM lines
GROUP BY contract
