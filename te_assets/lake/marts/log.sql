-- What a swap is about to change: rows of the shadow that differ from what was shown last, and those shown last that the shadow lacks.
-- Compared is with the log itself, by swaps that took place: a run that was killed before its swap leaves lines that never count.
{% set compared = columns | reject('in', ('refreshed_at', 'run_id')) | list %}
INSERT INTO {{ table }}_log ({{ columns | join(', ') }}, is_removed, swap_id)
WITH
    shown AS
    (
        SELECT * EXCEPT swapped_at
        FROM
        (
            SELECT l.*, s.swapped_at AS swapped_at
            FROM {{ table }}_log AS l
            INNER JOIN
            (
                SELECT swap_id, min(at) AS swapped_at
                FROM te_ops.swaps
                WHERE table = {table:String} AND production_day IN {days:Array(Date)}
                GROUP BY swap_id
            ) AS s ON l.swap_id = s.swap_id
            WHERE l.production_day IN {days:Array(Date)}
            ORDER BY {{ key | join(', ') }}, swapped_at DESC, swap_id
            LIMIT 1 BY {{ key | join(', ') }}
        )
        WHERE NOT is_removed
    ),
    computed AS (SELECT * FROM {{ shadow }} WHERE production_day IN {days:Array(Date)})
SELECT {{ columns | join(', ') }}, false, {swap:UUID}
FROM computed
WHERE sipHash128(tuple({{ compared | join(', ') }})) NOT IN (SELECT sipHash128(tuple({{ compared | join(', ') }})) FROM shown)
UNION ALL
SELECT {% for column in columns %}{{ {'refreshed_at': "now64(3, 'UTC')", 'run_id': '{run:String}'}.get(column, column) }}, {% endfor %}true, {swap:UUID}
FROM shown
WHERE sipHash128(tuple({{ key | join(', ') }})) NOT IN (SELECT sipHash128(tuple({{ key | join(', ') }})) FROM computed)
