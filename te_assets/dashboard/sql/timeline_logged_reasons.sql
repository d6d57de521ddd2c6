-- Texts that were logged with some reasons in the period. One row per reason; of several texts the last by the alphabet.
SELECT m.reason_code AS reason_code, max(m.reason_text) AS reason_text
FROM te_marts.stops AS m
WHERE {% include 'parts/where.sql' +%}
AND reason_code IN {codes:Array(String)}
GROUP BY m.reason_code
