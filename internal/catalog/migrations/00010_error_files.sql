-- +goose Up

-- The committed objects with rejected records of delivered tables.
CREATE TABLE catalog_error_files (
    table_id     INTEGER NOT NULL REFERENCES catalog_tables (id) ON DELETE CASCADE,
    bucket       TEXT NOT NULL,
    key          TEXT NOT NULL,
    size         INTEGER NOT NULL,
    row_count    INTEGER NOT NULL,
    committed_at INTEGER NOT NULL, -- Unix ns
    PRIMARY KEY (table_id, bucket, key)
) STRICT, WITHOUT ROWID;
