{{ config(materialized='incremental', incremental_strategy='append', format='parquet') }}
select id, day, {{ var('run') }} as run from {{ ref('orders_table') }}
{% if is_incremental() %} where id > 2 {% endif %}
