-- Rows that stand in only one of two tables, per production day; a row that stands twice in one of them counts too.
SELECT production_day, count() AS rows
FROM
(
    SELECT production_day, content
    FROM
    (
        SELECT production_day, sipHash128(tuple({{ columns | join(', ') }})) AS content, 1 AS side
        FROM {{ shown }}
        WHERE production_day BETWEEN {first:Date} AND {last:Date}
        UNION ALL
        SELECT production_day, sipHash128(tuple({{ columns | join(', ') }})), -1
        FROM {{ computed }}
        WHERE production_day BETWEEN {first:Date} AND {last:Date}
    )
    GROUP BY production_day, content
    HAVING sum(side) != 0
)
GROUP BY production_day
ORDER BY production_day
