{%- if converts %}{% include 'parts/conversion.sql' %}.1{% else %}m.unit{% endif -%}
