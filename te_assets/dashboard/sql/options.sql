-- What figures can be narrowed by, beside places. One row: materials in order, reasons as tuples, units as shown, most confirmations first.
SELECT
    (SELECT arraySort(groupUniqArray(toString(material))) FROM (SELECT material FROM te_marts.scrap_rate GROUP BY material ORDER BY material LIMIT {materials:UInt32})) AS materials,
    (SELECT arraySort(groupArray((toString(reason_code), reason_text, toString(reason_class)))) FROM te_ops.reasons) AS reasons,
    (
        SELECT groupArray(toString(unit))
        FROM (SELECT unit FROM te_marts.{{ 'scrap_rate_converted' if converts else 'scrap_rate' }} GROUP BY unit ORDER BY sum(confirmations) DESC, unit)
    ) AS units
