-- A page of confirmations, reversed ones too. One row each.
SELECT
    m.plant AS plant, m.work_center AS work_center, m.production_day AS production_day, m.shift AS shift, m.order_id AS order_id,
    m.operation AS operation, m.confirmation AS confirmation, m.counter AS counter, m.is_reversed AS is_reversed,
    m.cancelled_counter AS cancelled_counter, NOT m.is_reversed AND m.cancelled_counter = '' AS counts, m.material AS material, m.unit AS unit,
    m.good_qty AS good_qty, m.scrap_qty AS scrap_qty, m.rework_qty AS rework_qty, m.scrap_reason_code AS scrap_reason_code,
    m.scrap_reason_text AS scrap_reason_text, m.started_at AS started_at, m.finished_at AS finished_at, m.posted_at AS posted_at,
    dateDiff('day', m.production_day, m.posted_at) AS delay_days, m.file_sha256 AS file_sha256, m.sheet AS sheet, m.row AS row
FROM te_staging.confirmations AS m
WHERE {% include 'parts/confirmations_where.sql' +%}
ORDER BY {{ order }}
LIMIT {limit:UInt32} OFFSET {offset:UInt64}
