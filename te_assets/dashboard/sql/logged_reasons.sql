-- Texts of reasons of stops as they were logged last in the period, for codes that the site does not know. One row per code.
SELECT reason_code, argMax(reason_text, m.started_at) AS reason_text
FROM te_marts.stops AS m
WHERE production_day BETWEEN {first_day:Date} AND {last_day:Date} AND reason_code IN {codes:Array(String)} AND m.reason_text != ''
GROUP BY reason_code
