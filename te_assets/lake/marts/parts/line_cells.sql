-- The windows of the parts of lines, from those of machines and numbered on from them. Of a series line: from the latest start to the
-- earliest end among the stations that work the shift, up to the earliest of their data horizons; covered as far as the station that
-- is covered least.
INSERT INTO {{ cells }} (cell, plant, work_center, of_line, production_day, shift, starts, ends, takes_from, data_until, covered)
WITH
{% include 'marts/parts/stretches.sql' +%}
SELECT
    (SELECT max(cell) FROM {{ cells }} WHERE NOT of_line) + row_number() OVER (ORDER BY plant, part, starts, ends),
    plant, part, true, production_day, shift, starts, ends,
    if(starts = min(starts) OVER (PARTITION BY plant, part), 0, starts), data_until,
    arrayMin(arrayMap(
        station -> arraySum(stretch -> greatest(0, least(ends, stretch.2) - greatest(starts, stretch.1)), station), stations
    ))
FROM
(
    SELECT
        c.plant AS plant, u.part AS part, c.production_day AS production_day, c.shift AS shift,
        max(c.starts) AS starts, greatest(max(c.starts), min(c.ends)) AS ends, min(c.data_until) AS data_until,
        groupArray(s.covered) AS stations
    FROM {{ cells }} AS c
    INNER JOIN {{ stations }} AS u ON c.plant = u.plant AND c.work_center = u.work_center
    LEFT JOIN
    (
        SELECT plant, work_center, groupArray((covers_from, covers_until)) AS covered FROM stretches GROUP BY plant, work_center
    ) AS s ON c.plant = s.plant AND c.work_center = s.work_center
    WHERE c.shift != '' AND NOT c.of_line
    GROUP BY c.plant, u.part, c.production_day, c.shift
)
