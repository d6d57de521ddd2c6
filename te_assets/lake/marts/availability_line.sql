-- Availability per plant, line, production day and shift, in seconds. One row per line and shift that any of its stations works.
-- A series line is down while any station is: its stations' stops are one union. Of a parallel line numerators and denominators are
-- summed; stations that nobody delivered for are left out of both.
INSERT INTO {{ shadow }}
(
    plant, line, production_day, shift, topology, stations,
    planned_operation_seconds, planned_down_seconds, planned_busy_seconds, unplanned_down_seconds, setup_seconds,
    short_stop_seconds, production_seconds, technical_down_seconds, unexplained_seconds,
    stops, short_stops, open_stops, failures, coverage, data_until, availability, refreshed_at, run_id
)
WITH
{% include 'marts/parts/measured.sql' %},
stations_at_work AS
(
    SELECT u.plant AS plant, u.line AS line, w.production_day AS production_day, w.shift AS shift, count() AS stations
    FROM te_ops.shift_windows AS w
    INNER JOIN {{ stations }} AS u ON w.plant = u.plant AND w.work_center = u.work_center
    WHERE w.production_day BETWEEN {first:Date} AND {last:Date}
    GROUP BY u.plant, u.line, w.production_day, w.shift
),
parts AS
(
    SELECT
        c.plant AS plant, u.line AS line, c.production_day AS production_day, c.shift AS shift, u.topology AS topology,
        c.ends - c.starts AS operation, c.data_until AS data_until,
        m.planned AS planned, m.unplanned AS unplanned, m.setup AS setup, m.short AS short, m.technical AS technical,
        operation - m.explained AS unexplained,
        m.stops AS stops, m.short_stops AS short_stops, m.open_stops AS open_stops, m.failures AS failures,
        multiIf(c.covered = 0, 0, c.covered * 100 >= operation * 99, 2, 1) AS delivered
    FROM {{ cells }} AS c
    INNER JOIN (SELECT plant, part, any(line) AS line, any(topology) AS topology FROM {{ stations }} GROUP BY plant, part) AS u
        ON c.plant = u.plant AND c.work_center = u.part
    LEFT JOIN measured AS m ON c.cell = m.cell
),
summed AS
(
    SELECT
        plant, line, production_day, shift, any(p.topology) AS topology,
        -- stations that nobody delivered for count only where there is no other
        max(p.delivered) AS best, min(p.delivered) AS worst,
        {% for part in ('operation', 'planned', 'unplanned', 'setup', 'short', 'technical', 'unexplained', 'stops', 'short_stops', 'open_stops', 'failures') %}
        sumIf(p.{{ part }}, p.delivered > 0 OR p.topology = 'series') AS {{ part }},
        {% endfor %}
        max(p.data_until) AS data_until
    FROM parts AS p
    GROUP BY plant, line, production_day, shift
)
SELECT
    s.plant, s.line, s.production_day, s.shift, s.topology, w.stations,
    toDecimal64(s.operation, 3) / 1000 AS planned_operation_seconds,
    toDecimal64(s.planned, 3) / 1000 AS planned_down_seconds,
    planned_operation_seconds - planned_down_seconds AS planned_busy_seconds,
    toDecimal64(s.unplanned, 3) / 1000 AS unplanned_down_seconds,
    toDecimal64(s.setup, 3) / 1000 AS setup_seconds,
    toDecimal64(s.short, 3) / 1000 AS short_stop_seconds,
    planned_busy_seconds - unplanned_down_seconds - setup_seconds AS production_seconds,
    toDecimal64(s.technical, 3) / 1000 AS technical_down_seconds,
    toDecimal64(s.unexplained, 3) / 1000 AS unexplained_seconds,
    s.stops, s.short_stops, s.open_stops, s.failures,
    multiIf(s.best = 0, 'none', s.worst = 2, 'full', 'partial') AS coverage,
    if(s.data_until = 0, NULL, fromUnixTimestamp64Milli(s.data_until, 'UTC')) AS data_until,
    if(
        coverage = 'none' OR planned_busy_seconds = 0, NULL,
        toFloat64(production_seconds) / toFloat64(planned_busy_seconds)
    ) AS availability,
    now64(3, 'UTC'), {run_id:String}
FROM summed AS s
LEFT JOIN stations_at_work AS w
    ON s.plant = w.plant AND s.line = w.line AND s.production_day = w.production_day AND s.shift = w.shift
