-- Lines of te_ops.stale_days older than {before:DateTime64(6, 'UTC')} whose day was restated since.
DELETE FROM te_ops.stale_days
WHERE since < {before:DateTime64(6, 'UTC')}
  AND (model, production_day) NOT IN (SELECT model, production_day FROM te_ops.stale)
