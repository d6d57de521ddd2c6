{#- Scalar `conversions`: unit and material, or unit alone, to the unit shown and the factor, where the site converts units. -#}
(
    SELECT mapFromArrays(groupArray(concat(unit, '\n', material)), groupArray((target_unit, factor)))
    FROM (SELECT unit, material, any(toString(target_unit)) AS target_unit, any(factor) AS factor FROM te_ops.units GROUP BY unit, material)
) AS conversions
