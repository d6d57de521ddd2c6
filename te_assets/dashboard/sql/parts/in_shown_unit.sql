{#- Factor to, and name of, the unit that the site shows pieces in, of rows `s` with unit and material: as te_marts.scrap_rate_converted. -#}
LEFT JOIN (SELECT unit, material, any(target_unit) AS target, any(factor) AS factor FROM te_ops.units WHERE material != '' GROUP BY unit, material) AS of_material
    ON s.unit = of_material.unit AND s.material = of_material.material
LEFT JOIN (SELECT unit, any(target_unit) AS target, any(factor) AS factor FROM te_ops.units WHERE material = '' GROUP BY unit) AS of_unit
    ON s.unit = of_unit.unit
