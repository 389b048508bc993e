-- +goose Up

CREATE TABLE crawler_crawlers (
  name       TEXT PRIMARY KEY,
  definition TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE crawler_classifiers (
  name       TEXT PRIMARY KEY,
  definition TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE crawler_runs (
  id      TEXT PRIMARY KEY,
  crawler TEXT NOT NULL,
  started INTEGER NOT NULL, -- nanoseconds since 1970
  run     TEXT NOT NULL -- JSON
) STRICT;

CREATE INDEX crawler_runs_of ON crawler_runs (crawler, started);

-- The folders that a crawler knows: those with objects and those above them. The
-- version of a folder stays as long as nothing comes or goes directly in it.
CREATE TABLE crawler_folders (
  crawler TEXT NOT NULL,
  bucket  TEXT NOT NULL,
  parent  TEXT NOT NULL, -- key prefix
  name    TEXT NOT NULL,
  leaf    INTEGER NOT NULL,
  version TEXT NOT NULL,
  PRIMARY KEY (crawler, bucket, parent, name)
) STRICT, WITHOUT ROWID;
