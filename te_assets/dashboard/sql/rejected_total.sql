-- How many reasons there are in all. One row.
SELECT count() AS total
FROM te_staging.rejected_rows AS m FINAL
WHERE {% include 'parts/rejected.sql' %}
