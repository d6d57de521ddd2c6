{#- Rows of a mart of pieces under the filters, in the unit that the site shows them in where it gives a factor: row by row what
te_marts.scrap_rate_converted does. `quantities`: columns to convert. Where the site converts nothing, nothing is joined.
Names of what is joined differ from those of the mart: else `s.*` would bear its alias. -#}
{% if converts %}
(
    SELECT
        s.* EXCEPT (unit, {{ quantities | join(', ') }}),
        multiIf(f.factor > 0, f.target_unit, u.factor > 0, u.target_unit, s.unit) AS unit,
        multiIf(f.factor > 0, f.factor, u.factor > 0, u.factor, toDecimal128(1, 12)) AS factor,
        {% for quantity in quantities %}
        toDecimal128(s.{{ quantity }} * factor, 6) AS {{ quantity }}{{ '' if loop.last else ',' }}
        {% endfor %}
    FROM (SELECT * FROM {{ mart }} WHERE {% include 'parts/where.sql' %}) AS s
    LEFT JOIN (SELECT unit AS of_unit, material AS of_material, any(target_unit) AS target_unit, any(factor) AS factor FROM te_ops.units WHERE material != '' GROUP BY unit, material) AS f
        ON s.unit = f.of_unit AND s.material = f.of_material
    LEFT JOIN (SELECT unit AS of_unit, any(target_unit) AS target_unit, any(factor) AS factor FROM te_ops.units WHERE material = '' GROUP BY unit) AS u
        ON s.unit = u.of_unit
)
{% else %}
(SELECT * FROM {{ mart }} WHERE {% include 'parts/where.sql' %})
{% endif %}
