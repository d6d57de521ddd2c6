-- Common table expression: the spans cut at cells, those of stations at the cells of their line too. One row per span and cell that it
-- reaches, or that it starts in if it has no length; executions count in windows alone.
placed AS
(
    SELECT
        s.starts AS starts, s.interaction_id AS interaction_id, s.business_key AS business_key,
        {% for column in kept if column != 'starts_here' %}s.{{ column }} AS {{ column }}, {% endfor +%}
        c.cell AS cell, if(c.shift = '', 10, s.rank) AS rank,
        greatest(s.starts, c.starts) AS piece_starts, least(s.ends, c.ends) AS piece_ends,
        s.starts >= c.starts AND s.starts < c.ends AS starts_here
    FROM
    (
        SELECT s.*, arrayJoin(range(f.cell, l.cell + 1)) AS cell
        FROM
        (
            SELECT s.* EXCEPT work_center, s.work_center AS work_center, s.work_center AS station
            FROM {{ spans }} AS s
            UNION ALL
            SELECT s.* EXCEPT work_center, u.part AS work_center, s.work_center AS station
            FROM {{ spans }} AS s
            INNER JOIN {{ stations }} AS u ON s.plant = u.plant AND s.work_center = u.work_center
        ) AS s
        ASOF INNER JOIN (SELECT * FROM {{ cells }} WHERE starts < ends) AS f
            ON s.plant = f.plant AND s.work_center = f.work_center AND s.starts >= f.takes_from
        ASOF INNER JOIN (SELECT * FROM {{ cells }} WHERE starts < ends) AS l
            ON s.plant = l.plant AND s.work_center = l.work_center AND greatest(s.starts, s.ends - 1) >= l.takes_from
    ) AS s
    INNER JOIN {{ cells }} AS c ON s.cell = c.cell
    WHERE (piece_starts < piece_ends OR starts_here) AND (c.shift != '' OR s.rank != 9)
      -- a station that does not work the shift stops nobody on its line
      AND (NOT c.of_line OR (c.plant, s.station, c.production_day, c.shift) IN
          (SELECT plant, work_center, production_day, shift FROM te_ops.shift_windows WHERE production_day BETWEEN {first:Date} AND {last:Date}))
)
