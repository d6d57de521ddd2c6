-- What tells whether anything that is shown has changed. One row.
SELECT
    (SELECT maxOrNull(at) FROM te_ops.swaps) AS swapped_at,
    (SELECT minOrNull(at) FROM te_ops.swaps) AS first_swapped_at,
    (SELECT maxOrNull(applied_at) FROM te_ops.site_versions) AS profile_at,
    (SELECT maxOrNull(at) FROM te_ops.files) AS files_at,
    (SELECT maxOrNull(at) FROM te_ops.typing_ledger) AS typed_at,
    (SELECT count() FROM te_ops.units) > 0 AS converts
