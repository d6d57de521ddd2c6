-- What batch.sql fills. Its types are those of that SELECT: creating the table from it would plan it twice, which takes longer than typing a small batch.
CREATE TABLE {{ batch }}
(
    topic_id UUID, partition UInt32, offset UInt64, line UInt32,
    file_sha256 LowCardinality(String), sheet LowCardinality(String), row UInt32, contract LowCardinality(String),
    exported_at DateTime64(3, 'UTC'), known_at DateTime64(3, 'UTC'), payload String, business_key String,
    {% if model.name == 'interactions' %}
    plant String, work_center String, interaction_id String,
    started_at Nullable(DateTime64(3, 'UTC')), ended_at Nullable(DateTime64(3, 'UTC')),
    reason_code String, reason_text String, operator String, exported_duration_seconds Nullable(Decimal(18, 3)),
    {% else %}
    plant String, work_center String, order_id String, operation String, confirmation String, counter String,
    is_reversed Bool, cancelled_counter String, material String, unit String,
    good_qty Decimal(18, 3), scrap_qty Decimal(18, 3), rework_qty Decimal(18, 3),
    order_unit String, order_unit_good_qty Nullable(Decimal(18, 3)), order_unit_scrap_qty Nullable(Decimal(18, 3)),
    scrap_reason_code String, scrap_reason_text String,
    started_at Nullable(DateTime64(3, 'UTC')), finished_at Nullable(DateTime64(3, 'UTC')), entered_at Nullable(DateTime64(3, 'UTC')),
    posted_at Nullable(Date32), is_final Bool,
    {% endif %}
    production_day Date, production_days Array(Date),
    faults Array(Tuple(column String, rule String, message String, value String)),
    notes Array(Tuple(column String, rule String, message String, value String)),
    skip String, is_open Bool,
    version Tuple(changed_at DateTime64(3, 'UTC'), exported_at DateTime64(3, 'UTC'), origin String, sheet String, row UInt32),
    content_hash UInt64, verdict String
)
ENGINE = Memory
