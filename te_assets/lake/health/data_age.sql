-- Newest instant that deliveries of a model cover, per plant of the site, UTC; NULL: nothing was ever delivered. One row per plant.
SELECT p.plant, nullIf(max(c.covers_until), toDateTime64(0, 3, 'UTC')) AS until
FROM te_ops.plants AS p
LEFT JOIN (SELECT plant, covers_until FROM te_ops.coverage_periods WHERE model = {model:String}) AS c ON p.plant = c.plant
GROUP BY p.plant
ORDER BY p.plant
