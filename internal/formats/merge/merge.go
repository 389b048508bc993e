package merge

import (
	"errors"
	"fmt"
	"io"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/write"
)

// ErrIncompatible says that files cannot be one: a column is of two types that
// no type holds both.
var ErrIncompatible = errors.New("the files cannot be merged")

// Input is a file to merge.
type Input struct {
	Name   string // its ending tells how it is compressed
	Reader io.ReaderAt
	Size   int64 // bytes
	Rows   int64
}

// Options of a merge.
type Options struct {
	// SortBy are columns that rows are sorted by, in runs of at most a million;
	// NULL comes last. Columns that files do not have, and nested ones, are
	// passed over. Without any, rows stay in the order of the inputs. JSON lines
	// are not sorted.
	SortBy []string
	// Step is called after each piece of work, with the bytes of memory that it
	// went through. It may wait, and its error ends the merge. nil is none.
	Step func(bytes int64) error
}

func (o Options) step(bytes int64) error {
	if o.Step == nil {
		return nil
	}
	return o.Step(bytes)
}

// Merger writes the rows of its inputs to as many files as the caller wants.
type Merger interface {
	// Write writes the next rows as one file. It is an error where fewer are
	// left.
	Write(w io.Writer, rows int64) error
	// Close checks that every row was written, unless a Write has failed.
	Close() error
}

// Open opens files, oldest first, of a table. What is written is compressed as
// the format says, however the inputs are. Its error wraps ErrIncompatible where
// they can never be merged.
func Open(f formats.Format, inputs []Input, o Options) (Merger, error) {
	if len(inputs) == 0 {
		return nil, errors.New("there is nothing to merge")
	}
	if _, err := write.KindOf(f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrIncompatible, err)
	}
	switch f.Kind {
	case formats.Parquet:
		return openParquet(f, inputs, o)
	case formats.JSON:
		return openLines(f, inputs, o)
	}
	return nil, incompatible("%s files are not merged", f.Kind)
}

func incompatible(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrIncompatible, fmt.Sprintf(format, args...))
}
