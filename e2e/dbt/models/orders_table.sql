{{ config(materialized='table', format='parquet', partitioned_by=['day']) }}
select id, district, cast(amount as decimal(10, 2)) as amount, cast(day as varchar) as day from {{ ref('orders') }}
