-- The tombstones by business key; they reach no production day.
INSERT INTO te_staging.{{ model.name }}_keys (business_key, version, production_day, production_days, is_open, plant, publication, content_hash)
SELECT
    l.business_key, (l.snapshot_exported_at, l.snapshot_exported_at, l.snapshot_sha256, '', 0), l.production_day, [], false, k.plant,
    concat(l.snapshot_sha256, '@', l.snapshot_contract), 0
FROM {{ left_rows }} AS l
INNER JOIN (SELECT business_key, version, any(plant) AS plant FROM te_staging.{{ model.name }}_keys GROUP BY business_key, version) AS k
    ON l.business_key = k.business_key AND l.version = k.version
