package athena

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/types"
)

// readers read values of a type back from the text that a result object has of
// them. Types whose text is not all of their value have none.
var readers = map[types.Kind]func(types.Type, string) (any, error){
	types.Varchar:  func(_ types.Type, text string) (any, error) { return text, nil },
	types.Boolean:  types.ParsePartitionValue,
	types.TinyInt:  readInteger,
	types.SmallInt: readInteger,
	types.Integer:  readInteger,
	types.BigInt:   readInteger,
	types.Double:   func(_ types.Type, text string) (any, error) { return strconv.ParseFloat(text, 64) },
	types.Real: func(_ types.Type, text string) (any, error) {
		f, err := strconv.ParseFloat(text, 32)
		return float32(f), err
	},
	types.Decimal: types.ParsePartitionValue,
	types.Date:    types.ParsePartitionValue,
}

func readInteger(_ types.Type, text string) (any, error) { return strconv.ParseInt(text, 10, 64) }

func readableBack(columns []analyzer.Column) bool {
	for _, c := range columns {
		if readers[c.Type.Kind] == nil {
			return false
		}
	}
	return true
}

// sinkResult gives the rows of a result object to a sink.
func (s *Service) sinkResult(ctx context.Context, r *record, columns []analyzer.Column, sink RowSink) error {
	body, err := s.openResult(ctx, r, 0)
	if err != nil {
		return err
	}
	if body == nil {
		return fmt.Errorf("read %s: %w", r.OutputLocation, errCorruptResult)
	}
	defer body.Close()
	reader := &rowReader{in: bufio.NewReaderSize(body, 64<<10)}
	if _, err := reader.next(); err != nil { // the header
		return err
	}
	if err := sink.Begin(r.ID, columns); err != nil {
		return &sinkError{cause: err}
	}
	for {
		row, err := reader.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		values := make([]any, len(columns))
		for i, c := range columns {
			if text := row.Data[i].VarCharValue; text != nil {
				if values[i], err = readers[c.Type.Kind](c.Type, *text); err != nil {
					return fmt.Errorf("read %s: %w", r.OutputLocation, err)
				}
			}
		}
		if err := sink.Row(values); err != nil {
			return &sinkError{cause: err}
		}
	}
}
