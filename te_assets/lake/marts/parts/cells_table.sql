-- What cells.sql and line_cells.sql fill for one computation.
CREATE OR REPLACE TABLE {{ cells }}
(
    cell UInt64 COMMENT 'Number, in order of work center and time',
    plant LowCardinality(String) COMMENT 'Plant',
    work_center LowCardinality(String) COMMENT 'Work center; of a line the part that is measured (stations.sql)',
    of_line Bool COMMENT 'A window of a line',
    production_day Date COMMENT 'Plant-local production day',
    shift LowCardinality(String) COMMENT 'Shift; empty: outside of windows, or behind the data horizon',
    starts Int64 COMMENT 'Milliseconds since 1970',
    ends Int64 COMMENT 'Milliseconds since 1970, exclusive',
    takes_from Int64 COMMENT 'starts; 0 in the first cell of a work center, which also takes what began earlier',
    data_until Int64 COMMENT 'Data horizon of the work center, milliseconds since 1970; 0: nobody delivered',
    covered Int64 COMMENT 'Milliseconds that deliveries cover'
)
ENGINE = Memory
COMMENT 'Time of each work center and line cut into windows and what lies between; lives as long as one computation'
