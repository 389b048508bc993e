-- +goose Up
CREATE TABLE event_source_mappings (
  position INTEGER PRIMARY KEY AUTOINCREMENT, -- in order of creation
  uuid TEXT NOT NULL UNIQUE,
  function TEXT NOT NULL,                     -- ARN as given, with or without a qualifier
  source TEXT NOT NULL,                       -- ARN of the queue
  settings TEXT NOT NULL,                     -- JSON
  deleting INTEGER NOT NULL DEFAULT 0,
  UNIQUE (function, source)
);

-- +goose Down
DROP TABLE event_source_mappings;
