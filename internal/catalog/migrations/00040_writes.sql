-- +goose Up

-- Statements that write files of tables, until they are committed or their
-- objects are deleted.
CREATE TABLE catalog_writes (
    id       TEXT PRIMARY KEY,  -- of the query execution; each object's name has it
    location TEXT NOT NULL,     -- the folder that no other may write to; '' for none
    began_at INTEGER NOT NULL   -- Unix ns
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog_write_objects (
    write_id TEXT NOT NULL REFERENCES catalog_writes (id) ON DELETE CASCADE,
    bucket   TEXT NOT NULL,
    key      TEXT NOT NULL,
    PRIMARY KEY (write_id, bucket, key)
) STRICT, WITHOUT ROWID;
