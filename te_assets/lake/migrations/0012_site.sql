-- Targets and scrap reasons of the site profile; production days that are stale because it changed.
CREATE TABLE IF NOT EXISTS te_ops.scrap_reasons
(
    scrap_reason_code LowCardinality(String) COMMENT 'Reason for variance',
    scrap_reason_text String COMMENT 'Text for people'
)
ENGINE = MergeTree ORDER BY scrap_reason_code COMMENT 'Reasons for scrap';

CREATE TABLE IF NOT EXISTS te_ops.targets
(
    plant LowCardinality(String) COMMENT 'Plant',
    line LowCardinality(String) COMMENT 'Line; empty: the target is not of a line',
    work_center LowCardinality(String) COMMENT 'Work center; empty: the target is not of a work center',
    valid_from Date COMMENT 'First production day it holds for, until the next one of the same place',
    availability Nullable(Decimal(9, 6)) COMMENT 'At least, 0 … 1; NULL: no target',
    scrap_rate Nullable(Decimal(9, 6)) COMMENT 'At most, 0 … 1; NULL: no target'
)
ENGINE = MergeTree ORDER BY (plant, line, work_center, valid_from) COMMENT 'Targets; the narrowest place counts: work center, line, plant';

CREATE TABLE IF NOT EXISTS te_ops.stale_days
(
    model LowCardinality(String) COMMENT 'interactions or confirmations',
    plant LowCardinality(String) COMMENT 'Plant',
    production_day Date COMMENT 'Plant-local production day whose figures the change can alter',
    why String COMMENT 'What changed, for a person',
    tables Array(LowCardinality(String)) COMMENT 'Tables of the model: the day is stale until all were swapped in anew',
    site_hash FixedString(64) COMMENT 'Profile that made it stale',
    since DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'UTC; just before the profile counts'
)
ENGINE = MergeTree ORDER BY (model, production_day, plant, since)
COMMENT 'Production days whose figures a changed site profile can alter; te_ops.stale tells which still are';

CREATE TABLE IF NOT EXISTS te_ops.site_uses
(
    run_id String COMMENT 'Dagster run',
    site_hash FixedString(64) COMMENT 'Profile that counted when the run began to compute',
    applied_at DateTime64(6, 'UTC') COMMENT 'When that version came to count (te_ops.site_versions), UTC',
    at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'UTC'
)
ENGINE = MergeTree ORDER BY (run_id, at) COMMENT 'Which profile, at least, a run computes with from then on';

-- Days that are stale: since the profile changed, no run that knew of it has swapped in the current rows and then each mart.
CREATE OR REPLACE VIEW te_ops.stale SQL SECURITY DEFINER AS
WITH
    swapped AS
    (
        SELECT w.table AS table, w.production_day AS production_day, w.at AS at, u.applied_at AS applied_at
        FROM te_ops.swaps AS w
        INNER JOIN te_ops.site_uses AS u ON w.run_id = u.run_id
        WHERE u.at <= w.at AND w.production_day IN (SELECT production_day FROM te_ops.stale_days)
    ),
    needed AS
    (
        SELECT DISTINCT model, production_day, since, arrayJoin(tables) AS table FROM te_ops.stale_days
    ),
    done AS
    (
        SELECT
            n.model AS model, n.production_day AS production_day, n.since AS since, n.table AS table,
            countIf(s.applied_at >= n.since) > 0 AS is_done,
            minIf(s.at, s.applied_at >= n.since) AS first_at,
            maxIf(s.at, s.applied_at >= n.since) AS last_at
        FROM needed AS n
        LEFT JOIN swapped AS s ON n.table = s.table AND n.production_day = s.production_day
        GROUP BY n.model, n.production_day, n.since, n.table
    ),
    left_over AS
    (
        SELECT
            model, production_day, since,
            minIf(first_at, is_done AND table = concat('te_staging.', model)) AS staged_at,
            groupUniqArrayIf(table, NOT is_done) AS never,
            groupUniqArrayIf((table, last_at), is_done) AS again,
            arraySort(arrayDistinct(arrayConcat(never, arrayMap(t -> t.1, arrayFilter(t -> t.2 < staged_at, again))))) AS waiting
        FROM done
        GROUP BY model, production_day, since
    )
SELECT d.model AS model, d.plant AS plant, d.production_day AS production_day, d.why AS why, d.site_hash AS site_hash,
       d.since AS since, l.waiting AS tables
FROM te_ops.stale_days AS d
INNER JOIN left_over AS l ON d.model = l.model AND d.production_day = l.production_day AND d.since = l.since
WHERE notEmpty(l.waiting);
