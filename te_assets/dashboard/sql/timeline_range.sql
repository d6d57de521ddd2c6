-- The instants that production days of plants span, milliseconds UTC. One row; NULL where the calendar does not reach.
SELECT toUnixTimestamp64Milli(minOrNull(d.starts_at)) AS starts, toUnixTimestamp64Milli(maxOrNull(d.ends_at)) AS ends
FROM te_ops.production_days AS d
WHERE d.plant IN {plants:Array(String)} AND d.production_day BETWEEN {first_day:Date} AND {last_day:Date}
