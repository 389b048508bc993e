-- +goose Up
CREATE INDEX query_executions_age ON query_executions (submitted_at);
