-- +goose Up

-- What a table was before an update, unless the update asked not to keep it.
CREATE TABLE catalog_table_versions (
    table_id   INTEGER NOT NULL REFERENCES catalog_tables (id) ON DELETE CASCADE,
    version    INTEGER NOT NULL,
    definition TEXT NOT NULL, -- JSON of catalog.Table
    PRIMARY KEY (table_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_partition_indexes (
    table_id INTEGER NOT NULL REFERENCES catalog_tables (id) ON DELETE CASCADE,
    name     TEXT NOT NULL,
    keys     TEXT NOT NULL, -- JSON array of names of partition keys
    PRIMARY KEY (table_id, name)
) STRICT, WITHOUT ROWID;

-- Column statistics, as their writers gave them.
CREATE TABLE catalog_table_statistics (
    table_id    INTEGER NOT NULL REFERENCES catalog_tables (id) ON DELETE CASCADE,
    column_name TEXT NOT NULL,
    definition  TEXT NOT NULL,
    PRIMARY KEY (table_id, column_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_partition_statistics (
    table_id    INTEGER NOT NULL,
    partition   TEXT NOT NULL,
    column_name TEXT NOT NULL,
    definition  TEXT NOT NULL,
    PRIMARY KEY (table_id, partition, column_name),
    FOREIGN KEY (table_id, partition) REFERENCES catalog_partitions (table_id, name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_functions (
    database_name TEXT NOT NULL REFERENCES catalog_databases (name) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    definition    TEXT NOT NULL, -- JSON of catalog.Function
    PRIMARY KEY (database_name, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_tags (
    resource TEXT NOT NULL, -- the last part of its ARN, for example database/sales
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (resource, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_policies (
    resource    TEXT PRIMARY KEY, -- an ARN
    policy      TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    update_time INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- JSON of catalog.PartitionDetails, or '' where the partition is as its table.
ALTER TABLE catalog_partitions ADD COLUMN details TEXT NOT NULL DEFAULT '';
