-- The four databases. Layers and their promises: docs/architecture.md.
CREATE DATABASE IF NOT EXISTS te_raw COMMENT 'Every line of every message as it came; append-only; the system of record';
CREATE DATABASE IF NOT EXISTS te_staging COMMENT 'Typed history, current rows per production day, rejected rows';
CREATE DATABASE IF NOT EXISTS te_marts COMMENT 'Availability and scrap rate, computed per production day from te_staging';
CREATE DATABASE IF NOT EXISTS te_ops COMMENT 'Files, contracts, ledgers, touched days, site profile';
