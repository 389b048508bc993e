-- +goose Up

-- Merges that are begun and whose files may not be in the catalog yet.
CREATE TABLE compaction_merges (
    id   TEXT PRIMARY KEY, -- UUID version 7
    plan TEXT NOT NULL     -- JSON of a job
) STRICT;

-- Merged files that still have their hidden names, and what they took the place of.
CREATE TABLE compaction_publications (
    id    TEXT PRIMARY KEY,
    begun INTEGER NOT NULL, -- 1: objects may be copied and deleted already
    plan  TEXT NOT NULL     -- JSON of a publication
) STRICT;

-- What merges have written, by delivery.
CREATE TABLE compaction_totals (
    delivery  TEXT PRIMARY KEY,
    merges    INTEGER NOT NULL,
    files_in  INTEGER NOT NULL,
    files_out INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    bytes_in  INTEGER NOT NULL,
    bytes_out INTEGER NOT NULL,
    nanos     INTEGER NOT NULL -- time spent
) STRICT;
