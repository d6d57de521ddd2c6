{#- Unit shown and factor of a row, as te_marts.scrap_rate_converted has it: of its material, else of all, else its own. -#}
multiIf(
    mapContains(conversions, concat(m.unit, '\n', m.material)), conversions[concat(m.unit, '\n', m.material)],
    mapContains(conversions, concat(m.unit, '\n')), conversions[concat(m.unit, '\n')],
    (toString(m.unit), toDecimal128(1, 12)))
