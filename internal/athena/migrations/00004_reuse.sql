-- +goose Up
ALTER TABLE query_executions ADD COLUMN reuse_key TEXT;
CREATE INDEX query_executions_reuse ON query_executions (reuse_key, submitted_at) WHERE reuse_key IS NOT NULL;
