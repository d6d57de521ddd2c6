-- Production days that have figures of an earlier site profile, as runs without a gap. One row per model, plant, reason and run.
SELECT model, plant, min(production_day) AS first_day, max(production_day) AS last_day, count() AS days, why
FROM
(
    SELECT
        model, plant, why, production_day,
        production_day - row_number() OVER (PARTITION BY model, plant, why ORDER BY production_day) AS run
    FROM (SELECT DISTINCT model, plant, why, production_day FROM te_ops.stale)
)
GROUP BY model, plant, why, run
ORDER BY first_day DESC, model, plant, why
