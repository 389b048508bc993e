{{ config(materialized='table', format='json', write_compression='gzip') }}
select id, district from {{ ref('orders_table') }}
