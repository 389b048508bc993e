package duckdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/scopsdb/scops/internal/engine"
	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/sql/functions"
)

// Trino's error names that this package gives itself.
const (
	nameInternal    = "GENERIC_INTERNAL_ERROR"
	nameBadData     = "HIVE_BAD_DATA"
	nameCursor      = "HIVE_CURSOR_ERROR"
	nameCannotOpen  = "HIVE_CANNOT_OPEN_SPLIT"
	nameFormat      = "HIVE_UNSUPPORTED_FORMAT"
	nameMetadata    = "HIVE_INVALID_METADATA"
	namePartition   = "HIVE_INVALID_PARTITION_VALUE"
	nameMemory      = "EXCEEDED_LOCAL_MEMORY_LIMIT"
	nameScanLimit   = "EXCEEDED_SCAN_LIMIT"
	scanLimitReason = "Query cancelled! : Bytes scanned limit was exceeded"
)

func internalError(format string, args ...any) *engine.Error {
	return &engine.Error{Name: nameInternal, Message: fmt.Sprintf(format, args...)}
}

// explain turns what ended a query into its cause: the client's cancel, what a
// reader met in a file, or what DuckDB says.
func (s *sources) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if cause := s.failure(); cause != nil {
		return fileError(cause)
	}
	var said *errDuckDB
	if !errors.As(err, &said) {
		return asEngineError(err)
	}
	return duckDBError(said.message)
}

func asEngineError(err error) error {
	var known *engine.Error
	if errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return internalError("%v", err)
}

// fileError names what a reader of package formats met.
func fileError(err error) error {
	var value *formats.ValueError
	var unsupported *formats.UnsupportedError
	var data *formats.DataError
	var bad formats.BadData
	var known *engine.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &unsupported):
		return &engine.Error{Name: nameFormat, Message: err.Error()}
	case errors.As(err, &value), errors.As(err, &bad):
		return &engine.Error{Name: nameBadData, Message: err.Error()}
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return &engine.Error{Name: nameCannotOpen, Message: err.Error()}
	case errors.As(err, &data):
		return &engine.Error{Name: nameCursor, Message: err.Error()}
	}
	return asEngineError(err)
}

// duckDBErrors are texts of DuckDB's own that have a name in Trino. The first
// that the message contains counts.
var duckDBErrors = []struct{ text, name string }{
	{"Out of Memory Error", nameMemory},
	{"Permission Error", "PERMISSION_DENIED"},
	{"No files found that match the pattern", nameCannotOpen},
	{"No magic bytes found", nameBadData},
	{"Invalid Input Error: Failed to read file", nameBadData},
	{"TProtocolException", nameBadData},
	{"Invalid string encoding found in Parquet file", nameBadData},
	{"Failure in decode", nameBadData},
	{"ZSTD Decompression failure", nameBadData},
	{"Snappy decompression failure", nameBadData},
	{"Failed to decompress", nameBadData},
	{"Out of Range Error", "NUMERIC_VALUE_OUT_OF_RANGE"},
	{"Divide by Zero Error", "DIVISION_BY_ZERO"},
	{"Conversion Error", "INVALID_CAST_ARGUMENT"},
}

func duckDBError(message string) error {
	// A text of a user's that looks like a raised error stands in quotes.
	if before, _, found := strings.Cut(message, functions.ErrorPrefix); found && strings.ContainsAny(before, "'\"") {
		message = strings.ReplaceAll(message, functions.ErrorPrefix, "scops :")
	}
	if name, text, ok := functions.ParseError(message); ok {
		return &engine.Error{Name: name, Message: text}
	}
	for _, e := range duckDBErrors {
		if strings.Contains(message, e.text) {
			text := plainMessage(message)
			if e.name == nameMemory { // advice follows, on settings that no client can change
				text, _, _ = strings.Cut(text, "\n")
			}
			return &engine.Error{Name: e.name, Message: text}
		}
	}
	return internalError("%s", message)
}

// plainMessage leaves out DuckDB's kind of error and the emitted text.
func plainMessage(message string) string {
	message, _, _ = strings.Cut(message, "\n\nLINE ")
	if kind, rest, ok := strings.Cut(message, " Error: "); ok && !strings.ContainsAny(kind, "'\"") {
		message = rest
	}
	return message
}
