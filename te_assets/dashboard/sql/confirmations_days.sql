-- How many confirmations there are. One row per production day, newest first.
SELECT m.production_day AS production_day, count() AS rows
FROM te_staging.confirmations AS m
WHERE {% include 'parts/confirmations_where.sql' +%}
GROUP BY m.production_day
ORDER BY m.production_day DESC
