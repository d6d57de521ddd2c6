-- The site profile that counts. One row; none before the first one is applied.
SELECT yaml
FROM te_ops.site_versions
ORDER BY applied_at DESC
LIMIT 1
