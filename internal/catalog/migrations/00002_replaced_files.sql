-- +goose Up
ALTER TABLE catalog_files ADD COLUMN level INTEGER NOT NULL DEFAULT 0; -- how often its rows were merged
ALTER TABLE catalog_files ADD COLUMN committed_at INTEGER NOT NULL DEFAULT 0; -- nanoseconds since 1970, 0 where it was not kept

-- Files that others have taken the place of, until their objects are deleted.
CREATE TABLE catalog_removed_files (
    bucket      TEXT NOT NULL,
    key         TEXT NOT NULL,
    replacement TEXT NOT NULL, -- the id under which it happened
    removed_at  INTEGER NOT NULL,
    PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX catalog_removed_files_replacement ON catalog_removed_files (replacement);
