-- Scrap rate by period and work center, or by hour. One row per cell and unit that has a figure; units with most confirmations first.
-- Quantities are summed before they are converted, and by unit as shown before they are divided.
WITH
    sums AS
    (
        {% if kind == 'work_center_day' %}
        SELECT
            {{ period }} AS x, m.plant AS plant, m.work_center AS work_center, m.unit AS unit, {% if converts %}m.material AS material,{% endif +%}
            sum(m.scrap_qty) AS scrap, sum(m.produced_qty) AS produced, sum(m.confirmations) AS counted
        FROM {{ mart }} AS m
        WHERE {% include 'parts/where.sql' +%}
        {% if basis == 'last_operation' %}
        AND is_last_operation
        {% endif %}
        GROUP BY x, m.plant, m.work_center, m.unit{% if converts %}, m.material{% endif +%}
        {% else %}
        SELECT
            m.plant AS plant, m.unit AS unit, {% if converts %}m.material AS material,{% endif +%}
            -- A stamp on a boundary closes the hour that ends there, as it closes a shift (docs/kpi.md).
            intDiv(toUnixTimestamp64Milli(assumeNotNull(m.finished_at)) - 1, {step:Int64} * 1000) AS slot,
            sum(m.scrap_qty) AS scrap, sum(m.good_qty + m.scrap_qty + if({rework_counts:Bool}, m.rework_qty, toDecimal64(0, 3))) AS produced,
            count() AS counted
        FROM te_staging.confirmations AS m
        WHERE {% include 'parts/where.sql' +%}
        AND NOT is_reversed AND cancelled_counter = '' AND finished_at IS NOT NULL
        {% if basis == 'last_operation' %}
        AND (plant, order_id, (toUInt64OrZero(operation), toString(operation))) IN
        (
            SELECT c.plant, c.order_id, max((toUInt64OrZero(c.operation), toString(c.operation)))
            FROM te_staging.confirmations AS c
            WHERE (c.plant, c.order_id) IN (SELECT plant, order_id FROM te_staging.confirmations WHERE {% include 'parts/where.sql' %})
            GROUP BY c.plant, c.order_id
        )
        {% endif %}
        GROUP BY m.plant, m.unit, slot{% if converts %}, m.material{% endif +%}
        {% endif %}
    ),
    shown AS
    (
        {% if converts %}
        SELECT
            s.* EXCEPT (unit, scrap, produced),
            multiIf(of_material.factor > 0, of_material.target, of_unit.factor > 0, of_unit.target, s.unit) AS unit,
            multiIf(of_material.factor > 0, of_material.factor, of_unit.factor > 0, of_unit.factor, toDecimal128(1, 12)) AS factor,
            toDecimal128(s.scrap * factor, 6) AS scrap, toDecimal128(s.produced * factor, 6) AS produced
        FROM sums AS s
        {% include 'parts/in_shown_unit.sql' +%}
        {% else %}
        SELECT * FROM sums
        {% endif %}
    )
SELECT
    {% if kind == 'work_center_day' %}
    x, plant, work_center,
    {% else %}
    {% include 'parts/local_hour.sql' +%}
    {% endif %}
    unit, toFloat64(sum(scrap)) AS numerator, toFloat64(sum(produced)) AS denominator, numerator / denominator AS value,
    sum(sum(counted)) OVER (PARTITION BY unit) AS of_unit
FROM shown AS m
GROUP BY {{ 'x, plant, work_center' if kind == 'work_center_day' else 'x, y' }}, unit
QUALIFY denominator > 0
ORDER BY of_unit DESC, unit, {{ 'x, plant, work_center' if kind == 'work_center_day' else 'y, x' }}
