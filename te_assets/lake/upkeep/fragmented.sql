-- Production days of a history that stand in more than one part, the newest of which is at least {age:UInt32} seconds old. One row per day.
SELECT partition_id, count() AS parts
FROM system.parts
WHERE active AND database = {database:String} AND table = {table:String}
GROUP BY partition_id
HAVING parts > 1 AND max(modification_time) <= now() - toIntervalSecond({age:UInt32})
ORDER BY partition_id DESC
