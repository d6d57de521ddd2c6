-- Scrap of valid confirmations by reason per plant, work center, production day, shift, material and unit.
-- One row where a reason has scrap.
INSERT INTO {{ shadow }}
(plant, work_center, production_day, shift, material, unit, scrap_reason_code, scrap_qty, confirmations, refreshed_at, run_id)
SELECT
    plant, work_center, production_day, shift, material, unit, scrap_reason_code, sum(c.scrap_qty), count(),
    now64(3, 'UTC'), {run_id:String}
FROM te_staging.confirmations AS c
WHERE production_day BETWEEN {first:Date} AND {last:Date} AND NOT is_reversed AND cancelled_counter = '' AND c.scrap_qty != 0
GROUP BY plant, work_center, production_day, shift, material, unit, scrap_reason_code
