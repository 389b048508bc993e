-- +goose Up

-- Where the books of a delivery begin.
CREATE TABLE delivery_books (
  delivery      TEXT PRIMARY KEY,
  queue         TEXT NOT NULL,
  queue_created INTEGER NOT NULL, -- Unix ns: tells a queue from a later one of the same name
  departed      INTEGER NOT NULL, -- messages that had left the queue before the delivery began
  carried       INTEGER NOT NULL  -- records that came from earlier queues
) STRICT;

-- Batches that are fixed and not yet finished.
CREATE TABLE delivery_journal (
  delivery      TEXT NOT NULL,
  id            TEXT NOT NULL, -- UUID version 7: in the order of their making
  queue         TEXT NOT NULL,
  queue_created INTEGER NOT NULL,
  fixed_at      INTEGER NOT NULL, -- Unix ms
  sequences     BLOB NOT NULL,    -- uvarint differences, ascending
  plan          TEXT NOT NULL,    -- JSON: target and objects
  PRIMARY KEY (delivery, id)
) STRICT;
