-- Distinct raw positions of the ranges: in raw, accepted, rejected, skipped, duplicate. One row per topic id and partition.
SELECT topic_id, partition, sum(raw), sum(accepted), sum(rejected), sum(skipped), sum(duplicates)
FROM
(
    SELECT topic_id, partition, count() AS raw, 0 AS accepted, 0 AS rejected, 0 AS skipped, 0 AS duplicates
    FROM te_raw.{{ model.name }} FINAL
    WHERE {{ ranges }}
    GROUP BY topic_id, partition
    UNION ALL
    SELECT topic_id, partition, 0, uniqExact(offset, line), 0, 0, 0
    FROM te_staging.{{ model.name }}_history
    WHERE {{ ranges }}
    GROUP BY topic_id, partition
    UNION ALL
    SELECT topic_id, partition, 0, 0, uniqExact(offset, line), 0, 0
    FROM te_staging.rejected_rows
    WHERE model = {model:String} AND ({{ ranges }})
    GROUP BY topic_id, partition
    UNION ALL
    SELECT topic_id, partition, 0, 0, 0, uniqExactIf((offset, line), why = 'skipped'), uniqExactIf((offset, line), why = 'duplicate')
    FROM te_staging.set_aside_rows
    WHERE model = {model:String} AND ({{ ranges }})
    GROUP BY topic_id, partition
)
GROUP BY topic_id, partition
