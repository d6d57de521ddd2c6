-- Texts of reasons of stops as they were logged last, for codes that the site does not name. One row per code.
-- The last 31 days of the period tell enough: each day is a partition to open.
SELECT reason_code, argMax(reason_text, m.started_at) AS reason_text
FROM te_marts.stops AS m
WHERE production_day BETWEEN greatest({first_day:Date}, {last_day:Date} - 30) AND {last_day:Date}
    AND reason_code IN {codes:Array(String)} AND m.reason_text != ''
GROUP BY reason_code
