-- What confirmations of different days have to do with each other: reversals, and operations of one order.
ALTER TABLE te_staging.confirmations_history ADD INDEX IF NOT EXISTS cancelling cancelled_counter TYPE set(1) GRANULARITY 1;
ALTER TABLE te_staging.confirmations_history ADD INDEX IF NOT EXISTS confirmation confirmation TYPE minmax GRANULARITY 1;
ALTER TABLE te_staging.confirmations_history ADD INDEX IF NOT EXISTS orders order_id TYPE minmax GRANULARITY 1;
ALTER TABLE te_staging.confirmations_history MATERIALIZE INDEX cancelling;
ALTER TABLE te_staging.confirmations_history MATERIALIZE INDEX confirmation;
ALTER TABLE te_staging.confirmations_history MATERIALIZE INDEX orders;

-- Reversals: confirmations that another one cancels by naming its counter, by the newest version of that one. From history: which day is restated first must not matter.
CREATE OR REPLACE VIEW te_staging.cancellations SQL SECURITY DEFINER AS
SELECT DISTINCT plant, confirmation, cancelled_counter AS counter
FROM
(
    SELECT plant, confirmation, cancelled_counter, is_superseded, is_tombstone
    FROM te_staging.confirmations_history
    WHERE business_key IN (SELECT business_key FROM te_staging.confirmations_history WHERE cancelled_counter != '')
    ORDER BY production_day, business_key, version DESC, content_hash DESC, contract DESC
    LIMIT 1 BY production_day, business_key
)
WHERE cancelled_counter != '' AND NOT is_superseded AND NOT is_tombstone;
