{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day'], format='parquet') }}
select id, {{ var('run') }} as run, day from {{ ref('orders_table') }}
{% if is_incremental() %} where day >= '2021-01-02' {% endif %}
