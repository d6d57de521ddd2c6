-- From figures to the rows of workbooks behind them, and from a row to what became of it.
CREATE OR REPLACE VIEW te_marts.scrap_rate_sources SQL SECURITY DEFINER AS
SELECT
    plant, work_center, production_day, shift, material, operation, unit, scrap_reason_code, good_qty, scrap_qty, rework_qty,
    business_key, file_sha256, sheet, row, contract, topic_id, partition, offset, line
FROM te_staging.confirmations
WHERE NOT is_reversed AND cancelled_counter = '';

CREATE OR REPLACE VIEW te_marts.availability_sources SQL SECURITY DEFINER AS
SELECT
    plant, work_center, production_day, shift, interaction_id, reason_class, reason_code, started_at, ended_at, attributed_seconds,
    business_key, file_sha256, sheet, row, topic_id, partition, offset, line
FROM te_marts.stops;

-- One line per raw line and reason; an accepted row of which a newer version exists is accepted all the same.
CREATE OR REPLACE VIEW te_ops.row_fates SQL SECURITY DEFINER AS
SELECT 'interactions' AS model, contract, file_sha256, sheet, row, 'accepted' AS fate, '' AS column, '' AS reason, production_day,
       business_key, topic_id, partition, offset, line
FROM te_staging.interactions_history
WHERE NOT is_superseded
UNION ALL
SELECT 'confirmations', contract, file_sha256, sheet, row, 'accepted', '', '', production_day, business_key, topic_id, partition, offset, line
FROM te_staging.confirmations_history
WHERE NOT is_superseded
UNION ALL
SELECT model, contract, file_sha256, sheet, row, 'rejected', column, message, NULL, '', topic_id, partition, offset, line
FROM te_staging.rejected_rows FINAL
UNION ALL
SELECT model, contract, file_sha256, sheet, row, why, '', rule, NULL, '', topic_id, partition, offset, line
FROM te_staging.set_aside_rows FINAL;
