-- +goose Up
CREATE TABLE prepared_statements (
    workgroup TEXT NOT NULL,
    name      TEXT NOT NULL,
    record    TEXT NOT NULL, -- JSON of the PreparedStatement shape
    PRIMARY KEY (workgroup, name)
) STRICT;
