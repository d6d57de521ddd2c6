-- Common table expression: scheduled breaks up to the data horizon, of machines and of the parts of lines. One row per break; instants in milliseconds since 1970.
breaks AS
(
    SELECT
        c.cell AS cell, greatest(toUnixTimestamp64Milli(b.starts_at), c.starts) AS starts,
        least(toUnixTimestamp64Milli(b.ends_at), c.ends) AS ends
    FROM
    (
        SELECT plant, work_center, production_day, shift, starts_at, ends_at
        FROM te_ops.calendar_breaks
        UNION ALL
        SELECT b.plant, u.part, b.production_day, b.shift, b.starts_at, b.ends_at
        FROM te_ops.calendar_breaks AS b
        INNER JOIN {{ stations }} AS u ON b.plant = u.plant AND b.work_center = u.work_center
    ) AS b
    INNER JOIN {{ cells }} AS c
        ON b.plant = c.plant AND b.work_center = c.work_center AND b.production_day = c.production_day AND b.shift = c.shift
    WHERE b.production_day BETWEEN {first:Date} AND {last:Date} AND starts < ends
)
