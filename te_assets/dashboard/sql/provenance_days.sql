-- Rows that a figure counts and what they add up to: one row per production day, and one for all of them (is_total).
-- Pieces are in the unit that is asked for, else in the one that is shown; NULL where there are several.
{% set quantities = ('good_qty', 'scrap_qty', 'rework_qty') %}
WITH
    {% if converts %}
    {% include 'parts/conversions.sql' %},
    {% endif %}
    days AS
    (
        SELECT
            m.production_day AS production_day, count() AS day_rows,
            {% if of_stops %}
            sum(m.attributed_seconds) AS day_seconds
            {% else %}
            {% for quantity in quantities %}
            {% if not converts %}
            sum(m.{{ quantity }}) AS day_{{ quantity }},
            {% elif 'unit' in more %}
            sum(m.{{ quantity }} * if(m.unit = {unit:String}, toDecimal128(1, 12), {% include 'parts/conversion.sql' %}.2)) AS day_{{ quantity }},
            {% else %}
            sum(m.{{ quantity }} * {% include 'parts/conversion.sql' %}.2) AS day_{{ quantity }},
            {% endif %}
            {% endfor %}
            {% if 'unit' in more %}
            [{unit:String}] AS day_units
            {% else %}
            groupUniqArray(20)({% include 'parts/shown_unit.sql' %}) AS day_units
            {% endif %}
            {% endif %}
        {% include 'parts/sources.sql' %}
        GROUP BY m.production_day
    )
SELECT
    d.production_day AS production_day, grouping(d.production_day) AS is_total, sum(d.day_rows) AS rows,
    {% if of_stops %}
    sum(d.day_seconds) AS attributed_seconds
    {% else %}
    arraySort(groupUniqArrayArray(20)(d.day_units)) AS units,
    {% for quantity in quantities %}
    if(length(units) = 1, sum(d.day_{{ quantity }}), NULL) AS {{ quantity }}{{ ',' if not loop.last }}
    {% endfor %}
    {% endif %}
FROM days AS d
GROUP BY GROUPING SETS ((d.production_day), ())
ORDER BY is_total, production_day
