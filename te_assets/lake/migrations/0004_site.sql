-- The site profile as tables, written by te_assets.site. Calendars are expanded to UTC per production day.
CREATE TABLE IF NOT EXISTS te_ops.site_versions
(
    hash FixedString(64) COMMENT 'SHA-256 of the profile',
    yaml String COMMENT 'The profile as it was used',
    expanded_until Date COMMENT 'Last production day that calendars were expanded for',
    applied_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'UTC'
)
ENGINE = MergeTree ORDER BY applied_at COMMENT 'Versions of the site profile, newest counts';

CREATE TABLE IF NOT EXISTS te_ops.plants
(
    plant LowCardinality(String) COMMENT 'Plant',
    name String COMMENT 'Name for people',
    time_zone LowCardinality(String) COMMENT 'IANA zone',
    day_start_minute UInt16 COMMENT 'Minute of the local day at which a production day starts',
    since Date COMMENT 'First production day'
)
ENGINE = MergeTree ORDER BY plant COMMENT 'Plants of the site';

CREATE TABLE IF NOT EXISTS te_ops.work_centers
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    name String COMMENT 'Name for people',
    line LowCardinality(String) COMMENT 'Line; empty: none'
)
ENGINE = MergeTree ORDER BY (plant, work_center) COMMENT 'Work centers of the site';

CREATE TABLE IF NOT EXISTS te_ops.reasons
(
    reason_code LowCardinality(String) COMMENT 'Code in the log',
    reason_text String COMMENT 'Text for people',
    reason_class LowCardinality(String) COMMENT 'planned, setup, technical, organisational, other, unclassified',
    reason_group LowCardinality(String) COMMENT 'Group for people; may be empty'
)
ENGINE = MergeTree ORDER BY reason_code COMMENT 'Reasons of interactions';

CREATE TABLE IF NOT EXISTS te_ops.policies
(
    name LowCardinality(String) COMMENT 'Policy',
    value String COMMENT 'Value as text'
)
ENGINE = MergeTree ORDER BY name COMMENT 'Policies of the site';

CREATE TABLE IF NOT EXISTS te_ops.production_days
(
    plant LowCardinality(String) COMMENT 'Plant',
    production_day Date COMMENT 'Plant-local date of its start',
    starts_at DateTime64(3, 'UTC') COMMENT 'UTC, inclusive',
    ends_at DateTime64(3, 'UTC') COMMENT 'UTC, exclusive'
)
ENGINE = MergeTree ORDER BY (plant, production_day) COMMENT 'Production days of each plant in UTC';

CREATE TABLE IF NOT EXISTS te_ops.shift_windows
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    production_day Date COMMENT 'Production day that the shift belongs to',
    shift LowCardinality(String) COMMENT 'Shift',
    starts_at DateTime64(3, 'UTC') COMMENT 'UTC, inclusive',
    ends_at DateTime64(3, 'UTC') COMMENT 'UTC, exclusive'
)
ENGINE = MergeTree ORDER BY (plant, work_center, starts_at) COMMENT 'Scheduled windows, without holidays';

CREATE TABLE IF NOT EXISTS te_ops.calendar_breaks
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    production_day Date COMMENT 'Production day of its shift',
    shift LowCardinality(String) COMMENT 'Shift',
    starts_at DateTime64(3, 'UTC') COMMENT 'UTC, inclusive',
    ends_at DateTime64(3, 'UTC') COMMENT 'UTC, exclusive'
)
ENGINE = MergeTree ORDER BY (plant, work_center, starts_at) COMMENT 'Scheduled breaks: planned down time';
