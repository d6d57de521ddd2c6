-- Policies of the site. One row each.
SELECT name, value
FROM te_ops.policies
