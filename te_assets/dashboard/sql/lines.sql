-- Lines of the site. One row each.
SELECT plant, line, if(name = '', line, name) AS name, topology
FROM te_ops.lines
ORDER BY plant, line
