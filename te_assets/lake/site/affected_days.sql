-- Production days of {{ model }} whose figures can differ between the site profile that counts and the one in the shadows.
-- One row per plant and production day, with what differs. Only days between the first and the last that was computed:
-- no other day has figures. Texts, names, targets and headlines are joined where they are shown and alter no figure.
{% macro both(table, columns) %}
(SELECT {{ columns }}, 1 AS side FROM te_ops.{{ table }} UNION ALL SELECT {{ columns }}, -1 AS side FROM te_ops.{{ table }}{{ suffix }})
{% endmacro %}
WITH
    (SELECT min(production_day) FROM te_ops.swaps WHERE table IN {tables:Array(String)}) AS first,
    (SELECT max(production_day) FROM te_ops.swaps WHERE table IN {tables:Array(String)}) AS last,
    {% if model == 'interactions' %}
    present AS
    (
        SELECT plant, work_center, production_day, reason_code FROM te_staging.interactions
        UNION DISTINCT
        SELECT plant, work_center, production_day, reason_code FROM te_marts.stops
    ),
    {% else %}
    present AS (SELECT DISTINCT plant, work_center, production_day, unit, order_unit FROM te_staging.confirmations),
    {% endif %}
    planned AS
    (
        SELECT plant, work_center, production_day
        FROM {{ both('shift_windows', 'plant, work_center, production_day, shift, starts_at, ends_at') }}
        WHERE production_day BETWEEN first AND last
        GROUP BY plant, work_center, production_day, shift, starts_at, ends_at
        HAVING sum(side) != 0
        {% if model == 'interactions' %}
        UNION DISTINCT
        SELECT plant, work_center, production_day
        FROM {{ both('calendar_breaks', 'plant, work_center, production_day, shift, starts_at, ends_at') }}
        WHERE production_day BETWEEN first AND last
        GROUP BY plant, work_center, production_day, shift, starts_at, ends_at
        HAVING sum(side) != 0
        {% endif %}
    )
SELECT plant, production_day, arraySort(groupUniqArray(why)) AS reasons
FROM
(
    SELECT plant, production_day, concat('production days of plant ', plant) AS why
    FROM {{ both('production_days', 'plant, production_day, starts_at, ends_at') }}
    WHERE production_day BETWEEN first AND last
    GROUP BY plant, production_day, starts_at, ends_at
    -- a day that only one of them has is before the first or behind the horizon of the other
    HAVING sum(side) != 0
    UNION ALL
    {% if model == 'interactions' %}
    SELECT plant, production_day, concat('calendar of ', work_center) FROM planned
    UNION ALL
    SELECT p.plant, p.production_day, concat('class of reason ', p.reason_code)
    FROM present AS p
    WHERE p.reason_code IN
    (
        SELECT reason_code
        FROM {{ both('reasons', 'reason_code, reason_class') }}
        WHERE reason_class != 'unclassified'  -- like a code that is not listed
        GROUP BY reason_code, reason_class
        HAVING sum(side) != 0
    )
    {% if reads_lines %}
    UNION ALL
    SELECT d.plant, d.production_day, concat('line ', l.line)
    FROM te_ops.production_days AS d
    INNER JOIN
    (
        SELECT plant, line FROM {{ both('lines', 'plant, line, topology') }} GROUP BY plant, line, topology HAVING sum(side) != 0
        UNION DISTINCT
        SELECT plant, line FROM {{ both('work_centers', 'plant, work_center, line') }}
        WHERE line != ''
        GROUP BY plant, work_center, line
        HAVING sum(side) != 0
    ) AS l ON d.plant = l.plant
    WHERE d.production_day BETWEEN first AND last
    {% endif %}
    {% else %}
    SELECT c.plant, c.production_day, concat('calendar of ', c.work_center)
    FROM planned AS c
    INNER JOIN present AS p ON c.plant = p.plant AND c.work_center = p.work_center AND c.production_day = p.production_day
    {% if reads_units %}
    UNION ALL
    SELECT p.plant, p.production_day, concat('unit ', u.unit)
    FROM present AS p
    CROSS JOIN
    (
        SELECT DISTINCT unit FROM
        (
            SELECT unit FROM {{ both('units', 'unit, material, target_unit, factor') }}
            GROUP BY unit, material, target_unit, factor
            HAVING sum(side) != 0
        )
    ) AS u
    WHERE u.unit IN (p.unit, p.order_unit)
    {% endif %}
    {% endif %}
    UNION ALL
    SELECT p.plant, p.production_day, concat('policy ', n.name)
    FROM present AS p
    CROSS JOIN
    (
        SELECT DISTINCT name FROM
        (
            SELECT name FROM {{ both('policies', 'name, value') }}
            WHERE name IN {policies:Array(String)}
            GROUP BY name, value
            HAVING sum(side) != 0
        )
    ) AS n
)
WHERE production_day BETWEEN first AND last
  -- what lies before the profile's first production day cannot be restated under it
  AND production_day >= (SELECT min(since) FROM te_ops.plants{{ suffix }})
GROUP BY plant, production_day
ORDER BY production_day, plant
