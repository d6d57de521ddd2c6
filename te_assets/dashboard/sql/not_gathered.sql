-- Production days that the monthly copies do not have as they are now. One row per mart that has some.
SELECT mart, groupArray(production_day) AS days
FROM te_ops.not_gathered
GROUP BY mart
