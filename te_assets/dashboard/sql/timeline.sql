-- States of machines as spans that can be seen: one row per state of at least a pixel, and per machine and pixel that shorter ones begin in.
-- The shorter ones are one span with the worst state among them. Shorter ones that begin in one pixel have no longer one between them,
-- since that would end beyond the pixel: so no spans overlap, and there are at most two per machine and pixel.
SELECT
    m.plant AS plant, m.work_center AS work_center,
    {starts:Int64} + min(m.begins) AS start, {starts:Int64} + max(m.begins + m.lasts) AS end,
    -- Ranks of a state, then the instants from the beginning of the range on, so that one number tells the first of the worst.
    min(m.rank * 1099511627776 + m.begins) AS worst,
    {{ order }}[intDiv(worst, 1099511627776)] AS state,
    argMin(m.reason_code, m.rank * 1099511627776 + m.begins) AS reason_code,
    if(merged = 1, any(m.interaction_id), '') AS interaction_id,
    count() AS merged
FROM
(
    SELECT
        plant, work_center, reason_code, interaction_id,
        toUnixTimestamp64Milli(started_at) - {starts:Int64} AS begins, dateDiff('millisecond', started_at, ended_at) AS lasts,
        indexOf({{ order }}, toString(state)) AS rank
    FROM {{ mart }}
    WHERE {% include 'parts/states_where.sql' +%}
) AS m
GROUP BY m.plant, m.work_center, if(m.lasts >= {pixel:Int64}, -1 - m.begins, intDiv(m.begins, {pixel:Int64}))
ORDER BY plant, work_center, start
