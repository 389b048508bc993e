-- +goose Up
-- What the queries of a workgroup with a budget cost, in billionths of a USD.
CREATE TABLE workgroup_spending (
    workgroup TEXT NOT NULL,
    day       TEXT NOT NULL, -- 2021-02-03, in the budget's time zone
    spent     INTEGER NOT NULL,
    PRIMARY KEY (workgroup, day)
) STRICT, WITHOUT ROWID;
