-- Texts of reasons in the site's profile. One row each.
SELECT reason_code, reason_text
FROM te_ops.reasons
WHERE reason_text != ''
