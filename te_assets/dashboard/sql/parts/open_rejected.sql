{#- Condition on te_staging.rejected_rows AS m: nobody has repaired the row, retracted its file or read it under a newer contract. -#}
m.resolved_by_file = ''
AND m.file_sha256 NOT IN (SELECT file_sha256 FROM te_ops.retracted_files)
AND (m.file_sha256, m.contract) NOT IN (SELECT file_sha256, contract FROM te_ops.superseded_publications)
