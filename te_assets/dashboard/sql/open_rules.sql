-- Rejected rows that nothing has repaired yet, by rule. One row per model, contract, rule and column, and one for all of them (is_total).
SELECT
    model, contract, rule, column, any(m.message) AS example,
    uniqExact(topic_id, partition, offset, line) AS rows,
    grouping(rule) AS is_total
FROM te_staging.rejected_rows AS m FINAL
WHERE {% include 'parts/open_rejected.sql' %}
GROUP BY GROUPING SETS ((model, contract, rule, column), ())
ORDER BY is_total, rows DESC, model, contract, rule, column
