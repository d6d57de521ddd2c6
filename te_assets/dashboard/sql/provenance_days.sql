-- Rows that a figure counts and what they add up to: one row per production day, and one for all of them (is_total).
-- Pieces are in the unit that is asked for, else in the one that is shown; NULL where there are several.
{% set quantities = ('good_qty', 'scrap_qty', 'rework_qty') %}
{% if converts %}
WITH {% include 'parts/conversions.sql' %}

{% endif %}
SELECT
    m.production_day AS production_day,
    grouping(m.production_day) AS is_total,
    count() AS rows,
    {% if of_stops %}
    sum(m.attributed_seconds) AS attributed_seconds
    {% else %}
    {% if 'unit' in more %}
    [{unit:String}] AS units,
    {% else %}
    arraySort(groupUniqArray(20)({% include 'parts/shown_unit.sql' %})) AS units,
    {% endif %}
    {% for quantity in quantities %}
    if(length(units) = 1, sum(m.{{ quantity }}{% if converts %} * {% if 'unit' in more %}if(m.unit = {unit:String}, toDecimal128(1, 12), {% include 'parts/conversion.sql' %}.2){% else %}{% include 'parts/conversion.sql' %}.2{% endif %}{% endif %}), NULL) AS {{ quantity }}{{ ',' if not loop.last }}
    {% endfor %}
    {% endif %}
{% include 'parts/sources.sql' %}
GROUP BY GROUPING SETS ((m.production_day), ())
ORDER BY is_total, production_day
