-- Marts: computed once, in seconds and pieces; ratios divided last. Definitions: docs/kpi.md.
CREATE TABLE IF NOT EXISTS te_marts.availability
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    production_day Date COMMENT 'Plant-local production day',
    shift LowCardinality(String) COMMENT 'Shift',
    planned_operation_seconds Decimal(18, 3) COMMENT 'POT: the shift window, clipped at the data horizon, seconds',
    planned_down_seconds Decimal(18, 3) COMMENT 'PLAN: union of planned stops and breaks in POT, seconds',
    planned_busy_seconds Decimal(18, 3) COMMENT 'PBT = POT - PLAN, seconds',
    unplanned_down_seconds Decimal(18, 3) COMMENT 'DOWN: union of unplanned stops in POT without PLAN, seconds',
    setup_seconds Decimal(18, 3) COMMENT 'SETUP: union of set-ups in POT without PLAN and DOWN, seconds',
    short_stop_seconds Decimal(18, 3) COMMENT 'Attributed seconds of short stops, seconds',
    production_seconds Decimal(18, 3) COMMENT 'APT = PBT - DOWN - SETUP, seconds',
    technical_down_seconds Decimal(18, 3) COMMENT 'Attributed seconds of stops of class technical, seconds',
    unexplained_seconds Decimal(18, 3) COMMENT 'PBT with neither a stop nor the execution of a confirmation, seconds',
    stops UInt32 COMMENT 'Unplanned stops that start in the window',
    short_stops UInt32 COMMENT 'Of these, short ones',
    open_stops UInt32 COMMENT 'Of these, without a known end',
    failures UInt32 COMMENT 'Of these, of class technical',
    coverage Enum8('none' = 0, 'partial' = 1, 'full' = 2) COMMENT 'Whether deliveries cover the window: full from 99 % of POT on',
    data_until Nullable(DateTime64(3, 'UTC')) COMMENT 'Data horizon of the work center, UTC; NULL: nobody delivered',
    availability Nullable(Float64) COMMENT 'APT / PBT; NULL when PBT = 0 or nobody delivered',
    refreshed_at DateTime64(3, 'UTC') COMMENT 'When the day was swapped in, UTC',
    run_id String COMMENT 'Dagster run that computed it'
)
ENGINE = MergeTree PARTITION BY production_day ORDER BY (plant, work_center, production_day, shift)
COMMENT 'Availability (ISO 22400-2) per plant, work center, production day and shift';

CREATE TABLE IF NOT EXISTS te_marts.downtime_reasons
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    production_day Date COMMENT 'Plant-local production day',
    shift LowCardinality(String) COMMENT 'Shift',
    reason_class LowCardinality(String) COMMENT 'Class of the reason, planned and setup too',
    reason_code LowCardinality(String) COMMENT 'Reason; (break): scheduled breaks',
    attributed_seconds Decimal(18, 3) COMMENT 'Each instant counts for one stop; add up to PLAN, DOWN and SETUP, seconds',
    logged_seconds Decimal(18, 3) COMMENT 'Sum of end - start of the stops that start in the window, overlaps counted twice, seconds',
    stops UInt32 COMMENT 'Stops that start in the window',
    refreshed_at DateTime64(3, 'UTC') COMMENT 'When the day was swapped in, UTC',
    run_id String COMMENT 'Dagster run that computed it'
)
ENGINE = MergeTree PARTITION BY production_day ORDER BY (plant, work_center, production_day, shift, reason_class, reason_code)
COMMENT 'Seconds and stops by reason';

CREATE TABLE IF NOT EXISTS te_marts.stops
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    production_day Date COMMENT 'Plant-local production day',
    shift LowCardinality(Nullable(String)) COMMENT 'Shift; NULL: outside every window',
    interaction_id String COMMENT 'Id of the interaction',
    reason_class LowCardinality(String) COMMENT 'Class of the reason',
    reason_code LowCardinality(String) COMMENT 'Reason',
    reason_text LowCardinality(String) COMMENT 'Text of the reason',
    started_at DateTime64(3, 'UTC') COMMENT 'Start of the stop, clipped to the window, UTC',
    ended_at DateTime64(3, 'UTC') COMMENT 'End of the stop, clipped to the window and the data horizon, UTC',
    attributed_seconds Decimal(18, 3) COMMENT 'Seconds that count for this stop in the window, seconds',
    starts_here Bool COMMENT 'The stop starts in this window: it is counted here',
    is_open Bool COMMENT 'No end is known yet',
    is_short Bool COMMENT 'Short stop',
    business_key String COMMENT 'Key in te_staging.interactions',
    file_sha256 LowCardinality(String) COMMENT 'Workbook; empty for events',
    sheet LowCardinality(String) COMMENT 'Sheet',
    row UInt32 COMMENT 'Excel row number, or index in the posted batch',
    topic_id UUID COMMENT 'Raw line',
    partition UInt32 COMMENT 'Raw line',
    offset UInt64 COMMENT 'Raw line',
    line UInt32 COMMENT 'Raw line',
    refreshed_at DateTime64(3, 'UTC') COMMENT 'When the day was swapped in, UTC',
    run_id String COMMENT 'Dagster run that computed it'
)
ENGINE = MergeTree PARTITION BY production_day ORDER BY (plant, work_center, production_day, started_at, interaction_id)
COMMENT 'One line per stop, production day and shift';

CREATE TABLE IF NOT EXISTS te_marts.scrap_rate
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    production_day Date COMMENT 'Plant-local production day',
    shift LowCardinality(Nullable(String)) COMMENT 'Shift; NULL: outside the calendar or no time of day',
    material LowCardinality(String) COMMENT 'Material',
    operation LowCardinality(String) COMMENT 'Operation',
    unit LowCardinality(String) COMMENT 'Unit of the quantities',
    is_last_operation Bool COMMENT 'Last operation of its orders, as far as confirmations tell',
    good_qty Decimal(18, 3) COMMENT 'GQ in unit',
    scrap_qty Decimal(18, 3) COMMENT 'SQ in unit',
    rework_qty Decimal(18, 3) COMMENT 'RQ in unit',
    produced_qty Decimal(18, 3) COMMENT 'PQ = GQ + SQ + RQ in unit',
    outside_calendar_qty Decimal(18, 3) COMMENT 'Produced outside every scheduled window, in unit',
    confirmations UInt32 COMMENT 'Valid confirmations',
    scrap_rate Nullable(Float64) COMMENT 'SQ / PQ; NULL when PQ = 0',
    refreshed_at DateTime64(3, 'UTC') COMMENT 'When the day was swapped in, UTC',
    run_id String COMMENT 'Dagster run that computed it'
)
ENGINE = MergeTree PARTITION BY production_day ORDER BY (plant, work_center, production_day, material, operation, unit)
COMMENT 'Scrap rate per plant, work center, production day, shift, material, operation and unit';

CREATE TABLE IF NOT EXISTS te_marts.scrap_reasons
(
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center',
    production_day Date COMMENT 'Plant-local production day',
    shift LowCardinality(Nullable(String)) COMMENT 'Shift; NULL: outside the calendar or no time of day',
    material LowCardinality(String) COMMENT 'Material',
    unit LowCardinality(String) COMMENT 'Unit of the quantities',
    scrap_reason_code LowCardinality(String) COMMENT 'Reason for variance; empty: none given',
    scrap_qty Decimal(18, 3) COMMENT 'SQ in unit',
    confirmations UInt32 COMMENT 'Confirmations with scrap',
    refreshed_at DateTime64(3, 'UTC') COMMENT 'When the day was swapped in, UTC',
    run_id String COMMENT 'Dagster run that computed it'
)
ENGINE = MergeTree PARTITION BY production_day ORDER BY (plant, work_center, production_day, material, unit, scrap_reason_code)
COMMENT 'Scrap by reason';
