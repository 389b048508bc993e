-- +goose Up

-- The deliveries themselves.
CREATE TABLE delivery_registry (
  name       TEXT PRIMARY KEY,
  config     TEXT NOT NULL,    -- JSON of delivery.Config
  document   TEXT NOT NULL,    -- JSON: as it was declared
  paused_at  INTEGER NOT NULL, -- Unix ms; 0: not paused
  reason     TEXT NOT NULL,    -- for the pause
  created_at INTEGER NOT NULL, -- Unix ms
  updated_at INTEGER NOT NULL
) STRICT;

-- What a delivery has committed of messages that other deliveries of the queue
-- still want. Some of them may be deleted by now.
CREATE TABLE delivery_settled (
  delivery      TEXT NOT NULL,
  queue         TEXT NOT NULL,
  queue_created INTEGER NOT NULL, -- Unix ns
  sequences     BLOB NOT NULL,    -- uvarint pairs: distance, length
  PRIMARY KEY (delivery, queue)
) STRICT;
