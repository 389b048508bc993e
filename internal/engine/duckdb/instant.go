package duckdb

import (
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// isInstant says whether a leaf is points in time in microseconds, which DuckDB
// reads as TIMESTAMP WITH TIME ZONE.
func isInstant(n *parquetNode) bool {
	t, ok := n.logical.(*format.TimestampType)
	if !ok {
		return n.logical == nil && n.is(deprecated.TimestampMicros)
	}
	_, nanos := t.Unit.Value.(*format.NanoSeconds)
	return t.IsAdjustedToUTC && !nanos
}

// isTime says whether a leaf is times of day without a zone.
func isTime(n *parquetNode) bool {
	t, ok := n.logical.(*format.TimeType)
	if !ok {
		return n.logical == nil && n.is(deprecated.TimeMicros)
	}
	_, nanos := t.Unit.Value.(*format.NanoSeconds)
	return !nanos && !t.IsAdjustedToUTC
}

// isUUID says whether DuckDB reads a leaf as UUID.
func isUUID(n *parquetNode) bool {
	_, ok := n.logical.(*format.UUIDType)
	return ok
}
