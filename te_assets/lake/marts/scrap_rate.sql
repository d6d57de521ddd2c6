-- Pieces of valid confirmations per plant, work center, production day, shift, material, operation and unit.
-- One row per group; orders for which the operation is the first or the last one known stand in rows apart from the others.
-- A confirmation is valid unless it was reversed or cancels another one. docs/kpi.md, Pieces.
INSERT INTO {{ shadow }}
(
    plant, work_center, production_day, shift, material, operation, unit, is_last_operation, is_first_operation,
    good_qty, scrap_qty, rework_qty, produced_qty, outside_calendar_qty, confirmations, scrap_rate, refreshed_at, run_id
)
WITH
    (SELECT ifNull(any(value), 'true') != 'false' FROM te_ops.policies WHERE name = 'rework_in_produced') AS rework_counts,
    valid AS
    (
        SELECT *, good_qty + scrap_qty + if(rework_counts, rework_qty, toDecimal64(0, 3)) AS produced
        FROM te_staging.confirmations
        WHERE production_day BETWEEN {first:Date} AND {last:Date} AND NOT is_reversed AND cancelled_counter = ''
    ),
    -- Other days from history: which day of an order is restated first must not matter.
    ends_of_orders AS
    (
        SELECT
            plant, order_id,
            argMax(operation, (toUInt64OrZero(operation), operation)) AS last_operation,
            argMin(operation, (toUInt64OrZero(operation), operation)) AS first_operation
        FROM
        (
            SELECT plant, order_id, operation
            FROM te_staging.confirmations
            WHERE production_day BETWEEN {first:Date} AND {last:Date}
            UNION ALL
            SELECT newest.1, newest.2, newest.3
            FROM
            (
                SELECT argMax((plant, order_id, operation, is_superseded OR is_tombstone), (version, content_hash, contract, NOT is_superseded)) AS newest
                FROM te_staging.confirmations_history
                WHERE production_day NOT BETWEEN {first:Date} AND {last:Date} AND (production_day, business_key) IN
                (
                    SELECT production_day, business_key
                    FROM te_staging.confirmations_history
                    WHERE production_day NOT BETWEEN {first:Date} AND {last:Date} AND order_id IN (SELECT order_id FROM valid)
                )
                AND {{ counting }}
                GROUP BY production_day, business_key
            )
            WHERE NOT newest.4
        )
        GROUP BY plant, order_id
    )
SELECT
    v.plant, v.work_center, v.production_day, v.shift, v.material, v.operation, v.unit,
    v.operation = o.last_operation AS is_last_operation, v.operation = o.first_operation AS is_first_operation,
    sum(v.good_qty), sum(v.scrap_qty) AS scrap, sum(v.rework_qty), sum(v.produced) AS produced,
    sumIf(v.produced, v.shift IS NULL AND v.finished_at IS NOT NULL), count(),
    if(produced = 0, NULL, toFloat64(scrap) / toFloat64(produced)),
    now64(3, 'UTC'), {run_id:String}
FROM valid AS v
INNER JOIN ends_of_orders AS o ON v.plant = o.plant AND v.order_id = o.order_id
GROUP BY v.plant, v.work_center, v.production_day, v.shift, v.material, v.operation, v.unit, is_last_operation, is_first_operation
