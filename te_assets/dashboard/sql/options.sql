-- What figures can be narrowed by, beside places. One row: materials in order, reasons as tuples, units as shown, most confirmations first.
WITH
    {% if converts %}
    {% include 'parts/conversions.sql' %},
    {% endif %}
    counted AS
    (
        SELECT material, unit, sum(confirmations) AS confirmations
        FROM {{ mart }}
        GROUP BY material, unit
    )
SELECT
    (SELECT groupArray(toString(material)) FROM (SELECT DISTINCT material FROM counted ORDER BY material LIMIT {materials:UInt32})) AS materials,
    (SELECT arraySort(groupArray((toString(reason_code), reason_text, toString(reason_class)))) FROM te_ops.reasons) AS reasons,
    (
        SELECT groupArray(toString(shown))
        FROM
        (
            SELECT {% if converts %}tupleElement({% include 'parts/conversion.sql' %}, 1){% else %}m.unit{% endif %} AS shown
            FROM counted AS m
            GROUP BY shown
            ORDER BY sum(m.confirmations) DESC, shown
        )
    ) AS units
