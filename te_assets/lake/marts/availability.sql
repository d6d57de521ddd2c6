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
{{ logged_stops }},
spans AS
(
    SELECT
        plant, work_center, interaction_id, reason_code, business_key, starts, ends, logged, is_open, is_short, class, rank
    FROM stops
    UNION ALL
    {{ executions }}
),
{{ placement }},
{{ breaks }},
pieces AS
(
    SELECT
        cell, rank, starts, interaction_id, business_key, piece_starts, piece_ends, is_short, is_open,
        class = 'technical' AS is_technical,
        starts_here AND class IN ('technical', 'organisational', 'other', 'unclassified') AS is_counted
    FROM placed
    WHERE shift != ''
    UNION ALL
    SELECT cell, 2, starts, '', '', starts, ends, false, false, false, false FROM breaks
),
{{ attribution }},
measured AS
(
    SELECT
        cell,
        sumIf(milliseconds, rank IN (1, 2)) AS planned,
        sumIf(milliseconds, rank IN (3, 4, 5, 6)) AS unplanned,
        sumIf(milliseconds, rank = 3) AS technical,
        sumIf(milliseconds, rank = 7) AS setup,
        sumIf(milliseconds, is_short) AS short,
        sum(milliseconds) AS explained,
        countIf(is_counted) AS stops,
        countIf(is_counted AND is_short) AS short_stops,
        countIf(is_counted AND is_open) AS open_stops,
        countIf(is_counted AND is_technical) AS failures
    FROM attributed
    GROUP BY cell
),
-- what deliveries cover, overlapping and adjacent periods merged: one row per contiguous stretch
stretches AS
(
    SELECT plant, work_center, min(covers_from) AS covers_from, max(covers_until) AS covers_until
    FROM
    (
        SELECT
            *,
            sum(covers_from > until_before) OVER
            (
                PARTITION BY plant, work_center ORDER BY covers_from, covers_until ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS stretch
        FROM
        (
            SELECT
                plant, work_center,
                toUnixTimestamp64Milli(p.covers_from) AS covers_from, toUnixTimestamp64Milli(p.covers_until) AS covers_until,
                max(covers_until) OVER
                (
                    PARTITION BY plant, work_center ORDER BY covers_from, covers_until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ) AS until_before
            FROM te_ops.coverage_periods AS p
            WHERE p.model = 'interactions'
        )
    )
    GROUP BY plant, work_center, stretch
),
covered AS
(
    SELECT c.cell AS cell, sum(greatest(0, least(c.ends, s.covers_until) - greatest(c.starts, s.covers_from))) AS milliseconds
    FROM {{ cells }} AS c
    INNER JOIN stretches AS s ON c.plant = s.plant AND c.work_center = s.work_center
    WHERE c.shift != ''
    GROUP BY c.cell
)
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
    multiIf(v.milliseconds = 0, 'none', v.milliseconds * 100 >= (c.ends - c.starts) * 99, 'full', 'partial') AS coverage,
    if(c.data_until = 0, NULL, fromUnixTimestamp64Milli(c.data_until, 'UTC')) AS data_until,
    if(
        coverage = 'none' OR planned_busy_seconds = 0, NULL,
        toFloat64(production_seconds) / toFloat64(planned_busy_seconds)
    ) AS availability,
    now64(3, 'UTC'), {run_id:String}
FROM {{ cells }} AS c
LEFT JOIN measured AS m ON c.cell = m.cell
LEFT JOIN covered AS v ON c.cell = v.cell
WHERE c.shift != ''
