-- +goose Up

-- What else becomes of messages than a row or an error record.
ALTER TABLE catalog_deliveries ADD COLUMN filtered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE catalog_deliveries ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
-- Of those counted elsewhere: how many were late, or of the future.
ALTER TABLE catalog_deliveries ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
ALTER TABLE catalog_deliveries ADD COLUMN future INTEGER NOT NULL DEFAULT 0;
