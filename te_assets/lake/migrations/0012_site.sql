-- Lines, units, targets and scrap reasons of the site profile.
CREATE TABLE IF NOT EXISTS te_ops.lines
(
    plant LowCardinality(String) COMMENT 'Plant',
    line LowCardinality(String) COMMENT 'Line',
    name String COMMENT 'Name for people',
    topology LowCardinality(String) COMMENT 'series: a stop of one station stops the line; parallel: the stations are added up'
)
ENGINE = MergeTree ORDER BY (plant, line) COMMENT 'Lines of the site';

CREATE TABLE IF NOT EXISTS te_ops.units
(
    unit LowCardinality(String) COMMENT 'Unit as exports write it',
    material LowCardinality(String) COMMENT 'Material that the factor holds for; empty: every material without a line of its own',
    target_unit LowCardinality(String) COMMENT 'Unit that quantities are converted to; it has no factor itself',
    factor Decimal(38, 12) COMMENT 'One unit is so many of target_unit; chains of units are multiplied out'
)
ENGINE = MergeTree ORDER BY (unit, material) COMMENT 'Conversions of units; a unit without a line is kept apart';

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
