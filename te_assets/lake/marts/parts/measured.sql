-- Common table expression: the parts of each window in milliseconds. One row per window with anything in it.
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
        countIf(is_counted AND class = 'technical') AS failures
    FROM
    (
        SELECT
            cell, rank, milliseconds, class, is_open, is_short,
            starts_here AND class IN ('technical', 'organisational', 'other', 'unclassified') AS is_counted
        FROM {{ swept }}
        ARRAY JOIN ranks AS rank, milliseconds, class, starts_here, is_open, is_short
    )
    GROUP BY cell
)
