{#- Condition on te_staging.rejected_rows AS m. `more`: names of filters that are given; `is_open`: only what nobody has repaired. -#}
{% if is_open %}
{% include 'parts/open_rejected.sql' %}

{% else %}
true
{% endif %}
{% if 'file' in more %}
AND m.file_sha256 = {file:String}
{% endif %}
{% if 'rule' in more %}
AND m.rule = {rule:String}
{% endif %}
