-- Availability per plant, work center, production day and shift, in seconds. One row per scheduled window, whoever delivered.
-- Source: ISO 22400-2 (APT / PBT); docs/kpi.md. Planned stops and breaks win over unplanned ones, these over set-ups.
INSERT INTO {{ shadow }}
(
    plant, work_center, production_day, shift,
    planned_operation_seconds, planned_down_seconds, planned_busy_seconds, unplanned_down_seconds, setup_seconds,
    short_stop_seconds, production_seconds, technical_down_seconds, unexplained_seconds,
    stops, short_stops, open_stops, failures, coverage, data_until, availability, refreshed_at, run_id
)
WITH
{% include 'marts/parts/measured.sql' +%}
SELECT
    c.plant, c.work_center, c.production_day, c.shift,
    toDecimal64(c.ends - c.starts, 3) / 1000 AS planned_operation_seconds,
    toDecimal64(m.planned, 3) / 1000 AS planned_down_seconds,
    planned_operation_seconds - planned_down_seconds AS planned_busy_seconds,
    toDecimal64(m.unplanned, 3) / 1000 AS unplanned_down_seconds,
    toDecimal64(m.setup, 3) / 1000 AS setup_seconds,
    toDecimal64(m.short, 3) / 1000 AS short_stop_seconds,
    planned_busy_seconds - unplanned_down_seconds - setup_seconds AS production_seconds,
    toDecimal64(m.technical, 3) / 1000 AS technical_down_seconds,
    planned_operation_seconds - toDecimal64(m.explained, 3) / 1000 AS unexplained_seconds,
    m.stops, m.short_stops, m.open_stops, m.failures,
    multiIf(c.covered = 0, 'none', c.covered * 100 >= (c.ends - c.starts) * 99, 'full', 'partial') AS coverage,
    if(c.data_until = 0, NULL, fromUnixTimestamp64Milli(c.data_until, 'UTC')) AS data_until,
    if(
        coverage = 'none' OR planned_busy_seconds = 0, NULL,
        toFloat64(production_seconds) / toFloat64(planned_busy_seconds)
    ) AS availability,
    now64(3, 'UTC'), {run_id:String}
FROM {{ cells }} AS c
LEFT JOIN measured AS m ON c.cell = m.cell
WHERE c.shift != '' AND NOT c.of_line
