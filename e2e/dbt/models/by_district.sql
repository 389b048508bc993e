{{ config(materialized='view') }}
select district, count(*) as orders, sum(amount) as amount from {{ ref('orders_table') }} group by 1
