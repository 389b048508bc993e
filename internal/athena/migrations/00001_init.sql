-- +goose Up
CREATE TABLE query_executions (
    id           TEXT PRIMARY KEY,
    workgroup    TEXT NOT NULL,
    submitted_at INTEGER NOT NULL, -- Unix nanoseconds
    state        TEXT NOT NULL,
    token        TEXT,             -- ClientRequestToken
    record       TEXT NOT NULL     -- JSON, see record.go
) STRICT;
CREATE UNIQUE INDEX query_executions_token ON query_executions (token) WHERE token IS NOT NULL;
CREATE INDEX query_executions_recent ON query_executions (workgroup, submitted_at DESC, id DESC);
CREATE INDEX query_executions_open ON query_executions (state) WHERE state IN ('QUEUED', 'RUNNING');

CREATE TABLE workgroups (
    name   TEXT PRIMARY KEY,
    record TEXT NOT NULL -- JSON of the WorkGroup shape
) STRICT;
