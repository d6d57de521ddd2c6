-- Work centers of the site. One row each.
SELECT plant, work_center, if(name = '', work_center, name) AS name, line
FROM te_ops.work_centers
ORDER BY plant, line, work_center
