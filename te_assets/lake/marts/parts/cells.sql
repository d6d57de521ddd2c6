-- The time of each work center in the range, cut at production days, shift windows and the data horizon. One row per
-- scheduled window up to the horizon (empty where it begins later), and per piece of the day outside of windows (shift '').
-- Cells of a work center are numbered in order of time, without gaps; instants are milliseconds since 1970.
INSERT INTO {{ cells }} (cell, plant, work_center, of_line, production_day, shift, starts, ends, takes_from, data_until, covered)
WITH
{% include 'marts/parts/stretches.sql' %},
horizons AS
(
    SELECT plant, work_center, max(covers_until) AS data_until, groupArray((covers_from, covers_until)) AS covered
    FROM stretches
    GROUP BY plant, work_center
),
machine_days AS
(
    SELECT
        d.plant AS plant, m.work_center AS work_center, d.production_day AS production_day,
        toUnixTimestamp64Milli(d.starts_at) AS starts, toUnixTimestamp64Milli(d.ends_at) AS ends
    FROM te_ops.production_days AS d
    INNER JOIN
    (
        SELECT plant, work_center FROM te_ops.work_centers
        UNION DISTINCT
        -- machines that the site does not list have stops all the same
        SELECT plant, work_center FROM horizons
        UNION DISTINCT
        SELECT plant, work_center FROM te_staging.interactions WHERE production_day BETWEEN {first:Date} AND {last:Date}
    ) AS m ON d.plant = m.plant
    WHERE d.production_day BETWEEN {first:Date} AND {last:Date}
),
windows AS
(
    SELECT
        w.plant AS plant, w.work_center AS work_center, w.production_day AS production_day, w.shift AS shift,
        toUnixTimestamp64Milli(w.starts_at) AS starts,
        greatest(starts, least(toUnixTimestamp64Milli(w.ends_at), h.data_until)) AS ends
    FROM te_ops.shift_windows AS w
    LEFT JOIN horizons AS h ON w.plant = h.plant AND w.work_center = h.work_center
    WHERE w.production_day BETWEEN {first:Date} AND {last:Date}
),
cells AS
(
    SELECT plant, work_center, production_day, cell.1 AS shift, cell.2 AS starts, cell.3 AS ends
    FROM
    (
        SELECT
            d.plant AS plant, d.work_center AS work_center, d.production_day AS production_day,
            arraySort(worked -> worked.2, groupArrayIf((w.shift, w.starts, w.ends), w.shift != '')) AS worked,
            arrayMap(
                (from, to) -> (toLowCardinality(''), from, to),
                arrayConcat([any(d.starts)], worked.3), arrayConcat(worked.2, [any(d.ends)])
            ) AS gaps,
            arrayConcat(worked, arrayFilter(gap -> gap.2 < gap.3, gaps)) AS day
        FROM machine_days AS d
        LEFT JOIN windows AS w ON d.plant = w.plant AND d.work_center = w.work_center AND d.production_day = w.production_day
        GROUP BY d.plant, d.work_center, d.production_day
    )
    ARRAY JOIN day AS cell
)
SELECT
    row_number() OVER (ORDER BY plant, work_center, starts, ends),
    c.plant, c.work_center, false, c.production_day, c.shift, c.starts, c.ends,
    -- the first cell also takes what began before the range
    if(c.starts = min(c.starts) OVER (PARTITION BY c.plant, c.work_center), 0, c.starts),
    h.data_until,
    arraySum(stretch -> greatest(0, least(c.ends, stretch.2) - greatest(c.starts, stretch.1)), h.covered)
FROM cells AS c
LEFT JOIN horizons AS h ON c.plant = h.plant AND c.work_center = h.work_center
