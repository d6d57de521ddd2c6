-- Yield of the orders that have a counting confirmation in the period, over all their days, as te_marts.order_yield has it. One row per
-- order and unit, with the number of all such rows. Only these orders are read, before anything is added up; by their number alone,
-- since a plant beside it costs twice the time, and the few that another plant has, too, are left out afterwards.
WITH
    asked AS
    (
        SELECT plant, order_id
        FROM te_staging.confirmations
        WHERE {% include 'parts/where.sql' +%}
        AND NOT is_reversed AND cancelled_counter = ''
    ),
    confirmed AS
    (
        SELECT
            c.plant AS plant, c.order_id AS order_id, c.unit AS unit, c.material AS material, c.production_day AS production_day,
            NOT c.is_reversed AND c.cancelled_counter = '' AS is_valid,
            -- Operations by their number, then by their text, as one text.
            concat(leftPad(toString(toUInt64OrZero(c.operation)), 20, '0'), c.operation) AS position,
            if(is_valid, c.good_qty, toDecimal64(0, 3)) AS good, if(is_valid, c.scrap_qty, toDecimal64(0, 3)) AS scrap,
            good + scrap + if(is_valid AND {rework_counts:Bool}, c.rework_qty, toDecimal64(0, 3)) AS produced
        FROM te_staging.confirmations AS c
        WHERE c.order_id IN (SELECT order_id FROM asked)
    ),
    -- Which operations an order has, any confirmation tells, reversed or not.
    added AS
    (
        SELECT
            c.plant AS plant, c.order_id AS order_id, c.unit AS unit, max(c.material) AS material,
            min(c.position) AS first, max(c.position) AS last,
            sumArgMin(c.produced, c.position) AS produced_first, sumArgMax(c.good, c.position) AS good_last, sum(c.scrap) AS scrap,
            max(if(c.is_valid, c.production_day, toDate(0))) AS last_confirmed_day, countIf(c.is_valid) AS valid
        FROM confirmed AS c
        GROUP BY c.plant, c.order_id, c.unit
    ),
    yields AS
    (
        SELECT
            a.plant AS plant, a.order_id AS order_id, a.material AS material, a.last_confirmed_day AS last_confirmed_day, a.unit AS unit, a.valid AS valid,
            -- Operations are those of the order in any unit.
            if(a.first = min(a.first) OVER whole, a.produced_first, 0) AS first_operation_produced_qty,
            if(a.last = max(a.last) OVER whole, a.good_last, 0) AS last_operation_good_qty,
            a.scrap AS scrap_qty,
            if(first_operation_produced_qty > 0, toFloat64(scrap_qty) / toFloat64(first_operation_produced_qty), NULL) AS fall_off_ratio,
            if(first_operation_produced_qty > 0, toFloat64(last_operation_good_qty) / toFloat64(first_operation_produced_qty), NULL) AS rolled_yield
        FROM added AS a
        WINDOW whole AS (PARTITION BY a.plant, a.order_id)
    )
SELECT m.* EXCEPT (valid), count() OVER () AS rows_in_all
FROM yields AS m
WHERE m.valid > 0 AND (m.plant, m.order_id) IN (SELECT plant, order_id FROM asked)
ORDER BY {{ order }}
LIMIT {limit:UInt32} OFFSET {offset:UInt64}
