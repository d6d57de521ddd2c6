-- Values of {{ mart }} as they are shown and as the shadow has them, for some production days of some plants.
-- One row per {{ keys | join(', ') }}{{ ' that differs' if differing }}.
SELECT
    {% for key in keys %}{{ key }}, {% endfor +%}
    countIf(side = 0) > 0 AS was, countIf(side = 1) > 0 AS becomes,
    [{% for name in values %}toDecimal128(sumIf({{ name }}, side = 0), 3){{ ', ' if not loop.last }}{% endfor %}] AS before,
    [{% for name in values %}toDecimal128(sumIf({{ name }}, side = 1), 3){{ ', ' if not loop.last }}{% endfor %}] AS after
FROM
(
    {% for source in (table, shadow) %}
    SELECT
        * EXCEPT ({{ keys | join(', ') }}){% for key in keys %}, {{ 'ifNull(' ~ key ~ ", '') AS " ~ key if key == 'shift' else key }}{% endfor %},
        {{ loop.index0 }} AS side
    FROM {{ source }}
    WHERE has({places:Array(String)}, concat(plant, ' ', toString(production_day)))
    {{ 'UNION ALL' if not loop.last }}
    {% endfor %}
)
GROUP BY {{ keys | join(', ') }}
{% if differing %}HAVING was != becomes OR before != after{% endif +%}
ORDER BY {{ keys | join(', ') }}
