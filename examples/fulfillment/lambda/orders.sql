CREATE EXTERNAL TABLE IF NOT EXISTS fulfillment.orders (
  order_id string COMMENT 'unique',
  action string COMMENT 'visit or order',
  ordered_at timestamp COMMENT 'UTC',
  district string COMMENT 'of Seoul',
  delivery_type string,
  product_name string,
  quantity int
)
COMMENT 'what happens on the pages'
PARTITIONED BY (year string, month string, day string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://BUCKET/orders/'
