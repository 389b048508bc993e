-- +goose Up

-- Rejected events that are sent again, each once.
CREATE TABLE delivery_resends (
  delivery       TEXT NOT NULL,
  message_id     TEXT NOT NULL,    -- of the rejected event
  new_message_id TEXT NOT NULL,    -- of the event that is sent in its place
  queue          TEXT NOT NULL,
  database       TEXT NOT NULL,
  table_name     TEXT NOT NULL,
  body           BLOB NOT NULL,    -- empty once it is sent
  sent_at        INTEGER NOT NULL, -- Unix ms; 0: not yet
  marked         INTEGER NOT NULL, -- the error record says so too
  PRIMARY KEY (delivery, message_id)
) STRICT;

CREATE INDEX delivery_resends_open ON delivery_resends (marked) WHERE marked = 0;
