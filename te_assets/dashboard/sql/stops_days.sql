-- How many stops there are and what they add up to. One row per production day, newest first.
-- A stop is counted where it starts, and in no figure outside the windows of shifts.
SELECT
    m.production_day AS production_day, count() AS rows, sum(m.attributed_seconds) AS seconds,
    countIf(m.starts_here AND m.shift IS NOT NULL) AS stops
FROM te_marts.stops AS m
WHERE {% include 'parts/stops_where.sql' +%}
GROUP BY m.production_day
ORDER BY m.production_day DESC
