-- Lines, states, roll-ups, yield of orders, and what each figure was at an earlier time. Definitions: docs/kpi.md.
CREATE TABLE IF NOT EXISTS te_ops.lines
(
    plant LowCardinality(String) COMMENT 'Plant',
    line LowCardinality(String) COMMENT 'Line',
    name String COMMENT 'Name for people',
    topology LowCardinality(String) COMMENT 'series: a stop of one station stops the line; parallel: stations work side by side'
)
ENGINE = MergeTree ORDER BY (plant, line) COMMENT 'Lines of the site';

CREATE TABLE IF NOT EXISTS te_ops.units
(
    unit LowCardinality(String) COMMENT 'Unit as exported',
    material LowCardinality(String) COMMENT 'Material that the factor holds for; empty: all others',
    target_unit LowCardinality(String) COMMENT 'Unit that quantities are shown in',
    factor Decimal(38, 12) COMMENT 'target_unit per unit'
)
ENGINE = MergeTree ORDER BY (unit, material) COMMENT 'Units that the site converts; all others are kept apart';

ALTER TABLE te_marts.scrap_rate ADD COLUMN IF NOT EXISTS is_first_operation Bool COMMENT 'First operation of its orders, as far as confirmations tell' AFTER is_last_operation;

CREATE TABLE IF NOT EXISTS te_marts.availability_line
(
    plant LowCardinality(String) COMMENT 'Plant',
    line LowCardinality(String) COMMENT 'Line',
    production_day Date COMMENT 'Plant-local production day',
    shift LowCardinality(String) COMMENT 'Shift',
    topology LowCardinality(String) COMMENT 'series: the union of the stops of its stations; parallel: the sum of its stations',
    stations UInt32 COMMENT 'Work centers of the line that work the shift',
    planned_operation_seconds Decimal(18, 3) COMMENT 'POT, seconds; of a series line the time in which all stations are scheduled',
    planned_down_seconds Decimal(18, 3) COMMENT 'PLAN, seconds',
    planned_busy_seconds Decimal(18, 3) COMMENT 'PBT = POT - PLAN, seconds',
    unplanned_down_seconds Decimal(18, 3) COMMENT 'DOWN, seconds',
    setup_seconds Decimal(18, 3) COMMENT 'SETUP, seconds',
    short_stop_seconds Decimal(18, 3) COMMENT 'Attributed seconds of short stops, seconds',
    production_seconds Decimal(18, 3) COMMENT 'APT = PBT - DOWN - SETUP, seconds',
    technical_down_seconds Decimal(18, 3) COMMENT 'Attributed seconds of stops of class technical, seconds',
    unexplained_seconds Decimal(18, 3) COMMENT 'PBT with neither a stop nor the execution of a confirmation, seconds',
    stops UInt32 COMMENT 'Unplanned stops of its stations that start in the window',
    short_stops UInt32 COMMENT 'Of these, short ones',
    open_stops UInt32 COMMENT 'Of these, without a known end',
    failures UInt32 COMMENT 'Of these, of class technical',
    coverage Enum8('none' = 0, 'partial' = 1, 'full' = 2) COMMENT 'Of the station that is covered least',
    data_until Nullable(DateTime64(3, 'UTC')) COMMENT 'Data horizon, UTC; of a series line the earliest of its stations; NULL: nobody delivered',
    availability Nullable(Float64) COMMENT 'APT / PBT; NULL when PBT = 0 or nobody delivered',
    refreshed_at DateTime64(3, 'UTC') COMMENT 'When the day was computed, UTC',
    run_id String COMMENT 'Dagster run that computed it'
)
ENGINE = MergeTree PARTITION BY production_day ORDER BY (plant, line, production_day, shift)
COMMENT 'Availability per plant, line, production day and shift, by the topology of the line';

CREATE TABLE IF NOT EXISTS te_marts.states
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    production_day Date COMMENT 'Plant-local production day',
    shift LowCardinality(Nullable(String)) COMMENT 'Shift; NULL: outside every window',
    started_at DateTime64(3, 'UTC') COMMENT 'Begin of the state, UTC',
    ended_at DateTime64(3, 'UTC') COMMENT 'End of the state, exclusive, UTC: the begin of the next one, or the end of the day',
    state LowCardinality(String) COMMENT 'production, unexplained (no stop, and no confirmation was executed), short_stop (where the site counts these as performance loss), planned, setup, technical, organisational, other, unclassified, outside_calendar, no_data',
    reason_code LowCardinality(String) COMMENT 'Reason of a stop; (break): scheduled break',
    interaction_id String COMMENT 'The stop that the instant counts for; empty: none',
    refreshed_at DateTime64(3, 'UTC') COMMENT 'When the day was computed, UTC',
    run_id String COMMENT 'Dagster run that computed it'
)
ENGINE = MergeTree PARTITION BY production_day ORDER BY (plant, work_center, production_day, started_at)
COMMENT 'What each machine did, instant by instant and without gaps; production, unexplained and short_stop add up to APT';

-- Every row that a swap changed or removed, and when that swap was in place: what was shown at any earlier time.
{% for mart in ('availability', 'availability_line', 'downtime_reasons', 'states', 'scrap_rate', 'scrap_reasons') %}
CREATE TABLE IF NOT EXISTS te_marts.{{ mart }}_log AS te_marts.{{ mart }};
ALTER TABLE te_marts.{{ mart }}_log ADD COLUMN IF NOT EXISTS is_removed Bool COMMENT 'The row is gone since then';
ALTER TABLE te_marts.{{ mart }}_log ADD COLUMN IF NOT EXISTS swap_id UUID COMMENT 'te_ops.swaps: a line counts from the time of its swap on, and never if that did not happen';
{% endfor %}
ALTER TABLE te_ops.swaps ADD COLUMN IF NOT EXISTS swap_id UUID COMMENT 'Names the swap in the logs of the marts';

{% set keys = {
    'availability': ['plant', 'work_center', 'production_day', 'shift'],
    'availability_line': ['plant', 'line', 'production_day', 'shift'],
    'downtime_reasons': ['plant', 'work_center', 'production_day', 'shift', 'reason_class', 'reason_code'],
    'states': ['plant', 'work_center', 'production_day', 'started_at'],
    'scrap_rate': ['plant', 'work_center', 'production_day', 'shift', 'material', 'operation', 'unit', 'is_last_operation', 'is_first_operation'],
    'scrap_reasons': ['plant', 'work_center', 'production_day', 'shift', 'material', 'unit', 'scrap_reason_code'],
} %}
{% for mart, key in keys.items() %}
-- te_marts.{{ mart }} as it was at a time: SELECT … FROM te_marts.{{ mart }}_as_of(as_of = '2026-03-02 12:00:00'), UTC.
CREATE OR REPLACE VIEW te_marts.{{ mart }}_as_of AS
SELECT * EXCEPT (is_removed, swap_id, swapped_at)
FROM
(
    SELECT l.*, s.swapped_at AS swapped_at
    FROM te_marts.{{ mart }}_log AS l
    INNER JOIN
    (
        SELECT swap_id, min(at) AS swapped_at
        FROM te_ops.swaps
        WHERE table = 'te_marts.{{ mart }}' AND at <= {as_of:DateTime64(6, 'UTC')}
        GROUP BY swap_id
    ) AS s ON l.swap_id = s.swap_id
    ORDER BY {{ key | join(', ') }}, swapped_at DESC, swap_id
    LIMIT 1 BY {{ key | join(', ') }}
)
WHERE NOT is_removed;
{% endfor %}

-- Roll-ups: numerators and denominators are summed, ratios divided last. Windows that nobody delivered for are in no figure; uncovered_seconds tells how much that is.
{% set parts = ['planned_operation', 'planned_down', 'planned_busy', 'unplanned_down', 'setup', 'short_stop', 'production', 'technical_down', 'unexplained'] %}
{% set counts = ['stops', 'short_stops', 'open_stops', 'failures'] %}
{% set periods = [('day', 'production_day', 'production_day'), ('week', 'toMonday(production_day)', 'week'), ('month', 'toStartOfMonth(production_day)', 'month')] %}
{% for prefix, table, unit in [('', 'availability', 'work_center'), ('plant_', 'availability', none), ('', 'availability_line', 'line')] %}
{% for suffix, expression, period in periods %}
CREATE OR REPLACE VIEW te_marts.{{ table }}_{{ prefix }}{{ suffix }} SQL SECURITY DEFINER AS
SELECT
    plant,
    {% if unit %}{{ unit }},{% endif %}

    {{ period }},
    {% for part in parts %}
    {{ part }} AS {{ part }}_seconds,
    {% endfor %}
    uncovered AS uncovered_seconds,
    {{ counts | join(', ') }},
    multiIf(covered_windows = 0, 'none', full_windows = windows, 'full', 'partial') AS coverage,
    last_data AS data_until,
    if(planned_busy > 0, toFloat64(production) / toFloat64(planned_busy), NULL) AS availability,
    if(planned_busy > 0, toFloat64(planned_busy - technical_down) / toFloat64(planned_busy), NULL) AS technical_availability,
    if(planned_operation > 0, toFloat64(production) / toFloat64(planned_operation), NULL) AS total_availability
FROM
(
    SELECT
        plant,
        {% if unit %}{{ unit }},{% endif %}

        {{ expression }} AS {{ period }},
        {% for part in parts %}
        sumIf({{ part }}_seconds, coverage != 'none') AS {{ part }},
        {% endfor %}
        sumIf(planned_operation_seconds, coverage = 'none') AS uncovered,
        {% for name in counts %}
        sumIf(m.{{ name }}, coverage != 'none') AS {{ name }},
        {% endfor %}
        count() AS windows, countIf(coverage = 'full') AS full_windows, countIf(coverage != 'none') AS covered_windows,
        max(data_until) AS last_data
    FROM te_marts.{{ table }} AS m
    GROUP BY plant, {% if unit %}{{ unit }}, {% endif %}{{ period }}
);
{% endfor %}
{% endfor %}

-- Pieces in the unit that the site shows them in, where it gives a factor; else in their own.
CREATE OR REPLACE VIEW te_marts.scrap_rate_converted SQL SECURITY DEFINER AS
SELECT
    plant, work_center, production_day, shift, s.material AS material, operation, is_last_operation, is_first_operation,
    multiIf(m.factor > 0, m.target_unit, u.factor > 0, u.target_unit, s.unit) AS unit,
    multiIf(m.factor > 0, m.factor, u.factor > 0, u.factor, toDecimal128(1, 12)) AS factor,
    {% for quantity in ('good_qty', 'scrap_qty', 'rework_qty', 'produced_qty', 'outside_calendar_qty') %}
    toDecimal128(s.{{ quantity }} * factor, 6) AS {{ quantity }},
    {% endfor %}
    s.unit AS exported_unit, confirmations, refreshed_at
FROM te_marts.scrap_rate AS s
LEFT JOIN (SELECT unit, material, any(target_unit) AS target_unit, any(factor) AS factor FROM te_ops.units WHERE material != '' GROUP BY unit, material) AS m
    ON s.unit = m.unit AND s.material = m.material
LEFT JOIN (SELECT unit, any(target_unit) AS target_unit, any(factor) AS factor FROM te_ops.units WHERE material = '' GROUP BY unit) AS u
    ON s.unit = u.unit;

-- One line per unit and basis. operation: SQ / PQ over all operations, so good pieces of different operations are no figure.
-- last_operation: pieces that left the last operation. order, of plants alone: SQ over operations / PQ of the first one (fall-off).
{% for prefix, unit in [('', 'work_center'), ('plant_', none)] %}
{% for suffix, expression, period in periods %}
CREATE OR REPLACE VIEW te_marts.scrap_rate_{{ prefix }}{{ suffix }} SQL SECURITY DEFINER AS
SELECT
    plant,
    {% if unit %}{{ unit }},{% endif %}

    {{ period }}, unit, basis, good_qty, scrap AS scrap_qty, rework AS rework_qty, produced AS produced_qty,
    outside AS outside_calendar_qty, counted AS confirmations,
    if(produced > 0, toFloat64(scrap) / toFloat64(produced), NULL) AS scrap_rate
FROM
(
    SELECT
        plant,
        {% if unit %}{{ unit }},{% endif %}

        {{ expression }} AS {{ period }}, unit, basis,
        if(basis = 'operation', NULL, sumIf(s.good_qty, is_last_operation)) AS good_qty,
        sumIf(s.scrap_qty, is_last_operation OR basis != 'last_operation') AS scrap,
        sumIf(s.rework_qty, is_last_operation OR basis != 'last_operation') AS rework,
        sumIf(s.produced_qty, basis = 'operation' OR (basis = 'order' AND is_first_operation) OR (basis = 'last_operation' AND is_last_operation)) AS produced,
        sumIf(s.outside_calendar_qty, is_last_operation OR basis != 'last_operation') AS outside,
        sumIf(s.confirmations, is_last_operation OR basis != 'last_operation') AS counted
    FROM te_marts.scrap_rate_converted AS s
    ARRAY JOIN {{ "['operation', 'last_operation']" if unit else "['operation', 'last_operation', 'order']" }} AS basis
    GROUP BY plant, {% if unit %}{{ unit }}, {% endif %}{{ period }}, unit, basis
    HAVING counted > 0
);
{% endfor %}
{% endfor %}

-- Yield of orders, over all days. Which operations an order has, any confirmation tells, reversed or not, as for te_marts.scrap_rate. One line per unit: quantities of two units are never added.
CREATE OR REPLACE VIEW te_marts.order_yield SQL SECURITY DEFINER AS
WITH
    (SELECT ifNull(any(value), 'true') != 'false' FROM te_ops.policies WHERE name = 'rework_in_produced') AS rework_counts,
    confirmed AS
    (
        SELECT
            NOT is_reversed AND cancelled_counter = '' AS is_valid, plant, order_id, unit, operation, (toUInt64OrZero(operation), operation) AS position,
            good_qty, scrap_qty, good_qty + scrap_qty + if(rework_counts, rework_qty, toDecimal64(0, 3)) AS produced_qty
        FROM te_staging.confirmations
    ),
    bounds AS (SELECT plant, order_id, min(position) AS first, max(position) AS last FROM confirmed GROUP BY plant, order_id)
SELECT
    v.plant AS plant, v.order_id AS order_id, v.unit AS unit,
    sumIf(v.produced_qty, position = first) AS first_operation_produced_qty,
    sumIf(v.good_qty, position = last) AS last_operation_good_qty,
    sum(v.scrap_qty) AS scrap_qty,
    if(first_operation_produced_qty > 0, toFloat64(scrap_qty) / toFloat64(first_operation_produced_qty), NULL) AS fall_off_ratio,
    if(first_operation_produced_qty > 0, toFloat64(last_operation_good_qty) / toFloat64(first_operation_produced_qty), NULL) AS rolled_yield
FROM confirmed AS v
INNER JOIN bounds AS b ON v.plant = b.plant AND v.order_id = b.order_id
WHERE v.is_valid
GROUP BY v.plant, v.order_id, v.unit;

-- Confirmations that were posted after their production day: they restated an old figure.
CREATE OR REPLACE VIEW te_marts.late_postings SQL SECURITY DEFINER AS
SELECT
    plant, work_center, production_day, order_id, operation, confirmation, counter, posted_at,
    dateDiff('day', production_day, assumeNotNull(posted_at)) AS delay_days, good_qty, scrap_qty, unit, file_sha256, sheet, row
FROM te_staging.confirmations
WHERE posted_at > production_day;
