-- What is already known of the batch's keys: the newest version, the days it reaches, and whether this publication brought it. One row per business key.
SELECT
    business_key,
    max(k.version) AS version,
    argMax(k.production_day, k.version) AS production_day,
    argMax(k.production_days, k.version) AS production_days,
    argMax(k.is_open, k.version) AS is_open,
    argMax(k.plant, k.version) AS plant,
    argMax(k.content_hash, k.version) AS content_hash,
    argMax(k.publication, k.version) AS newest_publication,
    substring(newest_publication, position(newest_publication, '@') + 1) AS contract,
    newest_publication IN (SELECT DISTINCT concat(file_sha256, '@', contract) FROM {{ batch }}) AS is_same_publication
FROM te_staging.{{ model.name }}_keys AS k
WHERE k.business_key IN (SELECT business_key FROM {{ batch }} WHERE verdict = 'accepted') AND {{ counting_keys }}
{% if resumed %}
  -- What the killed call has written of these lines is no news; of an event that came twice the first line still is.
  AND
  (
    (k.business_key, k.version) NOT IN (SELECT business_key, version FROM {{ batch }} WHERE verdict = 'accepted')
    OR (k.business_key, k.version) IN
    (
        SELECT business_key, version
        FROM te_staging.{{ model.name }}_history
        WHERE business_key IN (SELECT business_key FROM {{ batch }} WHERE verdict = 'accepted') AND NOT ({{ ranges }})
    )
  )
{% endif %}
GROUP BY business_key
