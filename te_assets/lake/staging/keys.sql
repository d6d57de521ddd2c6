-- Every accepted version by business key.
INSERT INTO te_staging.{{ model.name }}_keys (business_key, version, production_day, production_days, is_open, plant, publication, content_hash)
SELECT business_key, version, production_day, production_days, is_open, plant, concat(file_sha256, '@', contract), content_hash
FROM {{ batch }} AS b
WHERE verdict = 'accepted' {{ not_duplicate }}
