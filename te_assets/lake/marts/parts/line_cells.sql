-- The windows of the parts of lines. Of a series line: from the latest start to the earliest end among the stations that work the
-- shift, up to the earliest of their data horizons.
INSERT INTO {{ line_cells }} (cell, plant, work_center, production_day, shift, starts, ends, takes_from, data_until)
SELECT
    row_number() OVER (ORDER BY plant, part, starts, ends), plant, part, production_day, shift, starts, ends,
    if(starts = min(starts) OVER (PARTITION BY plant, part), 0, starts), data_until
FROM
(
    SELECT
        c.plant AS plant, u.part AS part, c.production_day AS production_day, c.shift AS shift,
        max(c.starts) AS starts, greatest(max(c.starts), min(c.ends)) AS ends, min(c.data_until) AS data_until
    FROM {{ cells }} AS c
    INNER JOIN {{ stations }} AS u ON c.plant = u.plant AND c.work_center = u.work_center
    WHERE c.shift != ''
    GROUP BY c.plant, u.part, c.production_day, c.shift
)
