-- Marts, and tables of current rows, of which days were replaced after one instant up to another; first and last day. One row.
SELECT
    arraySort(groupUniqArray(toString(s.table))) AS tables,
    min(s.production_day) AS first_day,
    max(s.production_day) AS last_day
FROM te_ops.swaps AS s
WHERE s.at > {since:DateTime64(6, 'UTC')} AND s.at <= {until:DateTime64(6, 'UTC')}
