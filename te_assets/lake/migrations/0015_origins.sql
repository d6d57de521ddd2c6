-- What te_reader needs to lead from a figure to a cell, without reading te_raw.
-- The column of the cell that a line of a matrix comes from; nothing else of the line. One row per line of a matrix.
CREATE OR REPLACE VIEW te_ops.matrix_cells SQL SECURITY DEFINER AS
SELECT topic_id, partition, offset, line, JSONExtractString(payload, '_column') AS letter
FROM te_raw.interactions
WHERE letter != ''
UNION ALL
SELECT topic_id, partition, offset, line, JSONExtractString(payload, '_column') AS letter
FROM te_raw.confirmations
WHERE letter != '';

-- As before, and with the order.
CREATE OR REPLACE VIEW te_marts.scrap_rate_sources SQL SECURITY DEFINER AS
SELECT
    plant, work_center, production_day, shift, material, operation, unit, scrap_reason_code, good_qty, scrap_qty, rework_qty,
    order_id, started_at, finished_at,
    business_key, file_sha256, sheet, row, contract, topic_id, partition, offset, line
FROM te_staging.confirmations
WHERE NOT is_reversed AND cancelled_counter = '';
