-- Common table expression: scheduled breaks up to the data horizon. One row per break; instants in milliseconds since 1970.
breaks AS
(
    SELECT c.cell AS cell, toUnixTimestamp64Milli(b.starts_at) AS starts, least(toUnixTimestamp64Milli(b.ends_at), c.ends) AS ends
    FROM te_ops.calendar_breaks AS b
    INNER JOIN {{ cells }} AS c
        ON b.plant = c.plant AND b.work_center = c.work_center AND b.production_day = c.production_day AND b.shift = c.shift
    WHERE b.production_day BETWEEN {first:Date} AND {last:Date} AND starts < ends
)
