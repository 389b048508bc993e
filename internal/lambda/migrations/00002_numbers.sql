-- +goose Up
-- The numbers that versions of deleted functions had are not given again.
CREATE TABLE lambda_numbers (
    function     TEXT PRIMARY KEY,
    next_version INTEGER NOT NULL
) STRICT;
