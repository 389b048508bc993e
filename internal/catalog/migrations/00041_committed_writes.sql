-- +goose Up

-- Of a write that is committed until its statement's end is recorded: when, and
-- how many rows it wrote.
ALTER TABLE catalog_writes ADD COLUMN committed_at INTEGER NOT NULL DEFAULT 0; -- Unix ns
ALTER TABLE catalog_writes ADD COLUMN row_count INTEGER NOT NULL DEFAULT 0;
