# What a team declares of a lake. terraform_test.go applies it, changes it and
# destroys it.
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}

variable "name" { type = string }
variable "note" { default = "first" }

provider "aws" {
  skip_credentials_validation = true
  skip_requesting_account_id  = false
  s3_use_path_style           = true
}

resource "aws_glue_catalog_database" "lake" {
  name         = var.name
  description  = "by Terraform"
  location_uri = "s3://${var.name}/"
  parameters   = { team = "data" }
  tags         = { env = "test", note = var.note }
}

resource "aws_glue_catalog_table" "orders" {
  name          = "orders"
  database_name = aws_glue_catalog_database.lake.name
  description   = var.note
  owner         = "me"
  retention     = 3
  table_type    = "EXTERNAL_TABLE"
  parameters    = { EXTERNAL = "TRUE", classification = "json", note = var.note }
  partition_keys {
    name = "year"
    type = "int"
  }
  partition_keys {
    name    = "month"
    type    = "string"
    comment = "01 to 12"
  }
  storage_descriptor {
    location          = "s3://${var.name}/orders/"
    input_format      = "org.apache.hadoop.mapred.TextInputFormat"
    output_format     = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    number_of_buckets = 2
    bucket_columns    = ["id"]
    compressed        = true
    parameters        = { k = "v" }
    ser_de_info {
      name                  = "json"
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
      parameters            = { "ignore.malformed.json" = "true" }
    }
    columns {
      name       = "id"
      type       = "bigint"
      comment    = "the number"
      parameters = { p = "q" }
    }
    columns {
      name = "items"
      type = "array<struct<name:string,price:decimal(10,2)>>"
    }
    sort_columns {
      column     = "id"
      sort_order = 1
    }
    skewed_info {
      skewed_column_names               = ["id"]
      skewed_column_values              = ["1"]
      skewed_column_value_location_maps = { "1" = "s3://x/" }
    }
  }
  partition_index {
    index_name = "by_year"
    keys       = ["year"]
  }
}

resource "aws_glue_partition_index" "both" {
  database_name = aws_glue_catalog_database.lake.name
  table_name    = aws_glue_catalog_table.plain.name
  partition_index {
    index_name = "by_day"
    keys       = ["day"]
  }
}

resource "aws_glue_catalog_table" "plain" {
  name          = "plain"
  database_name = aws_glue_catalog_database.lake.name
  partition_keys {
    name = "day"
    type = "date"
  }
  storage_descriptor {
    location = "s3://${var.name}/plain/"
    columns {
      name = "a"
      type = "int"
    }
  }
}

resource "aws_glue_partition" "one" {
  database_name    = aws_glue_catalog_database.lake.name
  table_name       = aws_glue_catalog_table.orders.name
  partition_values = ["2021", "02"]
  parameters       = { note = var.note }
  storage_descriptor {
    location = "s3://${var.name}/orders/year=2021/month=02/"
    columns {
      name = "id"
      type = "bigint"
    }
  }
}

resource "aws_glue_user_defined_function" "f" {
  name          = "f"
  database_name = aws_glue_catalog_database.lake.name
  catalog_id    = aws_glue_catalog_database.lake.catalog_id
  class_name    = "com.example.${var.note}"
  owner_name    = "me"
  owner_type    = "USER"
  resource_uris {
    resource_type = "JAR"
    uri           = "s3://code/f.jar"
  }
}

resource "aws_glue_data_catalog_encryption_settings" "none" {
  data_catalog_encryption_settings {
    connection_password_encryption {
      return_connection_password_encrypted = false
    }
    encryption_at_rest {
      catalog_encryption_mode = "DISABLED"
    }
  }
}

data "aws_glue_catalog_table" "orders" {
  name          = aws_glue_catalog_table.orders.name
  database_name = aws_glue_catalog_database.lake.name
}

output "version" { value = data.aws_glue_catalog_table.orders.storage_descriptor[0].location }

resource "aws_s3_bucket" "b" {
  bucket        = replace(var.name, "_", "-")
  force_destroy = true
}

resource "aws_athena_workgroup" "w" {
  name          = var.name
  force_destroy = true
  configuration {
    result_configuration {
      output_location = "s3://${aws_s3_bucket.b.bucket}/results/"
    }
  }
}

resource "aws_athena_database" "d" {
  name   = "${var.name}_athena"
  bucket = aws_s3_bucket.b.bucket
}

resource "aws_glue_crawler" "c" {
  name          = var.name
  role          = "arn:aws:iam::000000000000:role/crawler"
  database_name = aws_glue_catalog_database.lake.name
  description   = var.note
  tags          = { note = var.note }
  s3_target {
    path = "s3://${aws_s3_bucket.b.bucket}/orders/"
  }
}
