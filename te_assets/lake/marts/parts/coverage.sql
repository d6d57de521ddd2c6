-- Common table expressions: how many milliseconds of each cell deliveries cover. One row per cell in `covered` that any delivery reaches.
-- what deliveries cover, overlapping and adjacent periods merged: one row per contiguous stretch
stretches AS
(
    SELECT plant, work_center, min(covers_from) AS covers_from, max(covers_until) AS covers_until
    FROM
    (
        SELECT
            *,
            sum(covers_from > until_before) OVER
            (
                PARTITION BY plant, work_center ORDER BY covers_from, covers_until ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS stretch
        FROM
        (
            SELECT
                plant, work_center,
                toUnixTimestamp64Milli(p.covers_from) AS covers_from, toUnixTimestamp64Milli(p.covers_until) AS covers_until,
                max(covers_until) OVER
                (
                    PARTITION BY plant, work_center ORDER BY covers_from, covers_until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ) AS until_before
            FROM te_ops.coverage_periods AS p
            WHERE p.model = 'interactions'
        )
    )
    GROUP BY plant, work_center, stretch
),
covered AS
(
{% if stations %}
    -- of the station that is covered least
    SELECT cell, min(milliseconds) AS milliseconds
    FROM
    (
        SELECT c.cell AS cell, sum(greatest(0, least(c.ends, s.covers_until) - greatest(c.starts, s.covers_from))) AS milliseconds
        FROM {{ cells }} AS c
        INNER JOIN {{ stations }} AS u ON c.plant = u.plant AND c.work_center = u.part
        INNER JOIN te_ops.shift_windows AS w
            ON w.plant = u.plant AND w.work_center = u.work_center AND w.production_day = c.production_day AND w.shift = c.shift
        LEFT JOIN stretches AS s ON u.plant = s.plant AND u.work_center = s.work_center
        GROUP BY c.cell, u.work_center
    )
    GROUP BY cell
{% else %}
    SELECT c.cell AS cell, sum(greatest(0, least(c.ends, s.covers_until) - greatest(c.starts, s.covers_from))) AS milliseconds
    FROM {{ cells }} AS c
    INNER JOIN stretches AS s ON c.plant = s.plant AND c.work_center = s.work_center
    GROUP BY c.cell
{% endif %}
)
