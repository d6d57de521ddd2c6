-- Who cancels a day's confirmations is looked up for that day alone: staging/cancelled.sql.
DROP VIEW IF EXISTS te_staging.cancellations;
