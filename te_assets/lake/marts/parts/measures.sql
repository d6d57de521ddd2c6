-- Common table expressions: the parts of each window in milliseconds. One row per window with anything in it in `measured`.
{{ logged_stops }},
spans AS
(
    SELECT
        plant, work_center, {{ 'station,' if stations }} interaction_id, reason_code, business_key, starts, ends, logged, is_open, is_short, class, rank
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
)
