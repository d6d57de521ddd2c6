-- Common table expression: the rows of CTE `spans` cut at cells. One row per span and cell that it reaches, or that it
-- starts in if it has no length.
placed AS
(
    SELECT
        {% for column in carried %}s.{{ column }} AS {{ column }}, {% endfor %}
        s.starts AS starts, s.logged AS logged, s.is_open AS is_open, s.is_short AS is_short, s.class AS class, s.rank AS rank,
        c.cell AS cell, c.shift AS shift,
        greatest(s.starts, c.starts) AS piece_starts, least(s.ends, c.ends) AS piece_ends,
        s.starts >= c.starts AND s.starts < c.ends AS starts_here
    FROM
    (
        SELECT s.*, arrayJoin(range(f.cell, l.cell + 1)) AS cell
        FROM spans AS s
        ASOF INNER JOIN (SELECT * FROM {{ cells }} WHERE starts < ends) AS f
            ON s.plant = f.plant AND s.work_center = f.work_center AND s.starts >= f.takes_from
        ASOF INNER JOIN (SELECT * FROM {{ cells }} WHERE starts < ends) AS l
            ON s.plant = l.plant AND s.work_center = l.work_center AND greatest(s.starts, s.ends - 1) >= l.takes_from
    ) AS s
    INNER JOIN {{ cells }} AS c ON s.cell = c.cell
    WHERE (piece_starts < piece_ends OR starts_here)
    {% if stations %}
      -- a station that does not work the shift stops nobody
      AND (c.plant, s.station, c.production_day, c.shift) IN
          (SELECT plant, work_center, production_day, shift FROM te_ops.shift_windows WHERE production_day BETWEEN {first:Date} AND {last:Date})
    {% endif %}
)
