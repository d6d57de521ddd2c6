-- Keys of a publication. One row per business key, with the winner among everything else that counts, if there is one (has_other).
-- Figures depend on whether the publication counts where it has the newest version (is_newest); marks are settled for all keys: what was
-- delivered while it did not count knows nothing of it.
SELECT
    f.business_key AS business_key,
    f.plants AS plants, f.days AS days, f.open_days AS open_days,
    o.business_key != '' AS has_other, o.version AS other_version, o.production_day AS other_day, o.production_days AS other_days,
    o.is_open AS other_is_open, o.plant AS other_plant,
    o.business_key = '' OR f.version >= o.version AS is_newest
FROM
(
    SELECT
        business_key, max(k.version) AS version, groupUniqArray(k.plant) AS plants,
        groupUniqArrayArray(k.production_days) AS days, groupUniqArrayIf(k.production_day, k.is_open) AS open_days
    FROM te_staging.{{ model.name }}_keys AS k
    WHERE {{ mine }}
      AND business_key IN (SELECT business_key FROM te_staging.{{ model.name }}_history WHERE file_sha256 = {sha256:String})
    GROUP BY business_key
) AS f
LEFT JOIN
(
    SELECT
        business_key, max(k.version) AS version, argMax(k.production_day, k.version) AS production_day,
        argMax(k.production_days, k.version) AS production_days, argMax(k.is_open, k.version) AS is_open, argMax(k.plant, k.version) AS plant
    FROM te_staging.{{ model.name }}_keys AS k
    WHERE NOT ({{ mine }}) AND {{ counting_keys }}
      AND business_key IN (SELECT business_key FROM te_staging.{{ model.name }}_history WHERE file_sha256 = {sha256:String})
    GROUP BY business_key
) AS o ON f.business_key = o.business_key
