-- Targets of the site, ratios. One row per place and first day.
SELECT plant, line, work_center, valid_from, availability, scrap_rate
FROM te_ops.targets
