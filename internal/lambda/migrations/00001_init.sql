-- +goose Up
CREATE TABLE lambda_functions (
    name         TEXT PRIMARY KEY,
    next_version INTEGER NOT NULL, -- the number that PublishVersion gives
    reserved     INTEGER,          -- reserved concurrency
    tags         TEXT NOT NULL     -- JSON object
) STRICT;

CREATE TABLE lambda_versions (
    function TEXT NOT NULL REFERENCES lambda_functions (name) ON DELETE CASCADE,
    key      TEXT NOT NULL, -- $LATEST or a number
    record   TEXT NOT NULL, -- JSON, see version.go
    PRIMARY KEY (function, key)
) STRICT;

CREATE TABLE lambda_aliases (
    function TEXT NOT NULL REFERENCES lambda_functions (name) ON DELETE CASCADE,
    key      TEXT NOT NULL,
    record   TEXT NOT NULL,
    PRIMARY KEY (function, key)
) STRICT;

CREATE TABLE lambda_policies (
    function TEXT NOT NULL REFERENCES lambda_functions (name) ON DELETE CASCADE,
    key      TEXT NOT NULL, -- qualifier, '' for none
    record   TEXT NOT NULL,
    PRIMARY KEY (function, key)
) STRICT;

CREATE TABLE lambda_event_invoke_configs (
    function TEXT NOT NULL REFERENCES lambda_functions (name) ON DELETE CASCADE,
    key      TEXT NOT NULL, -- $LATEST, a number or an alias
    record   TEXT NOT NULL,
    PRIMARY KEY (function, key)
) STRICT;

-- Asynchronous invocations that are not done.
CREATE TABLE lambda_events (
    request_id TEXT PRIMARY KEY,
    function   TEXT NOT NULL,
    due_at     INTEGER NOT NULL, -- Unix milliseconds
    record     TEXT NOT NULL,    -- JSON, see event.go
    payload    BLOB NOT NULL
) STRICT;
CREATE INDEX lambda_events_due ON lambda_events (due_at);
