-- Lines of te_ops.touched_days older than {before:UInt64} (a sequence) that tell nothing any more: their day was cleared
-- beyond them. The newest clearing line of each day stays.
DELETE FROM te_ops.touched_days
WHERE sequence < {before:UInt64} AND (model, production_day, plant, sequence) IN
(
    SELECT model, production_day, plant, sequence
    FROM
    (
        SELECT
            model, production_day, plant, sequence,
            maxIf(sequence, cleared_at IS NOT NULL) OVER (PARTITION BY model, production_day) AS cleared_to
        FROM te_ops.touched_days
    )
    WHERE sequence < cleared_to
)
