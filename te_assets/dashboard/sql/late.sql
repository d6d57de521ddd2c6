-- Confirmations of the period that were posted after their production day. One row per work center.
SELECT plant, work_center, count() AS confirmations, max(m.delay_days) AS latest_days
FROM te_marts.late_postings AS m
WHERE {% include 'parts/where.sql' %}
GROUP BY plant, work_center
ORDER BY confirmations DESC, plant, work_center
