-- The newest version that counts of keys that a correction changed, without the mark that a version which no longer counts gave it.
INSERT INTO te_staging.{{ model.name }}_history
SELECT h.* REPLACE (false AS is_superseded)
FROM te_staging.{{ model.name }}_history AS h
WHERE h.is_superseded AND {{ counting }} AND (business_key, version, production_day) IN
(
    SELECT business_key, max(k.version), argMax(k.production_day, k.version)
    FROM te_staging.{{ model.name }}_keys AS k
    WHERE business_key IN (SELECT business_key FROM {{ changed }}) AND {{ counting_keys }}
    GROUP BY business_key
)
