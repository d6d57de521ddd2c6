-- Texts of reasons of scrap as they were exported last, for codes that the site does not know. One row per code.
-- The last 31 days of the period tell enough: confirmations are many.
SELECT scrap_reason_code, argMax(scrap_reason_text, (m.exported_at, m.scrap_reason_text)) AS scrap_reason_text
FROM te_staging.confirmations AS m
WHERE production_day BETWEEN greatest({first_day:Date}, {last_day:Date} - 30) AND {last_day:Date}
    AND scrap_reason_code IN {codes:Array(String)} AND m.scrap_reason_text != ''
GROUP BY scrap_reason_code
