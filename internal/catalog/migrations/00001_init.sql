-- +goose Up
CREATE TABLE catalog_databases (
    name       TEXT PRIMARY KEY,
    definition TEXT NOT NULL -- JSON of catalog.Database
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_tables (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    database_name TEXT NOT NULL REFERENCES catalog_databases (name),
    name          TEXT NOT NULL,
    version       INTEGER NOT NULL,
    delivery      TEXT NOT NULL, -- '' for an external table
    definition    TEXT NOT NULL, -- JSON of catalog.Table
    UNIQUE (database_name, name)
) STRICT;

-- name holds the values, each escaped as in a Hive path, joined by "/".
CREATE TABLE catalog_partitions (
    table_id    INTEGER NOT NULL REFERENCES catalog_tables (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    location    TEXT NOT NULL,
    parameters  TEXT NOT NULL, -- JSON object, or '' for none
    create_time INTEGER NOT NULL, -- nanoseconds since 1970
    files       INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    PRIMARY KEY (table_id, name)
) STRICT, WITHOUT ROWID;

-- The committed files of delivered tables; partition is '' where the table has
-- no partition keys.
CREATE TABLE catalog_files (
    table_id  INTEGER NOT NULL REFERENCES catalog_tables (id) ON DELETE CASCADE,
    partition TEXT NOT NULL,
    bucket    TEXT NOT NULL,
    key       TEXT NOT NULL,
    size      INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    PRIMARY KEY (table_id, partition, bucket, key),
    UNIQUE (bucket, key) -- an object is one file of one table
) STRICT, WITHOUT ROWID;

-- A batch is committed once; a repeated commit finds its row.
CREATE TABLE catalog_batches (
    delivery     TEXT NOT NULL,
    id           TEXT NOT NULL,
    committed_at INTEGER NOT NULL,
    PRIMARY KEY (delivery, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_deliveries (
    name           TEXT PRIMARY KEY,
    delivered      INTEGER NOT NULL,
    rejected       INTEGER NOT NULL,
    batches        INTEGER NOT NULL,
    files          INTEGER NOT NULL,
    bytes          INTEGER NOT NULL,
    newest_sent_at INTEGER NOT NULL,
    committed_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
