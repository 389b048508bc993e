package delivery

import (
	"fmt"

	"github.com/scopsdb/scops/internal/formats/event"
	"github.com/scopsdb/scops/internal/formats/record"
)

// rowMaker makes the rows of accepted messages, one value for each of
// layout.written. A row is a pure function of the layout and the message. It is
// not safe for concurrent use.
type rowMaker struct {
	columns int // of the table
	parser  *event.Parser
	row     []record.Value
}

func (l *layout) newRowMaker() *rowMaker {
	return &rowMaker{columns: len(l.columns), parser: l.newParser(), row: make([]record.Value, len(l.written))}
}

// make returns the row of a message; it is valid until the next call.
func (m *rowMaker) make(of *message) ([]record.Value, error) {
	rec, err := m.parser.Parse(of.body)
	if err != nil {
		return nil, fmt.Errorf("message %s was accepted and is now rejected: %w", of.id, err)
	}
	copy(m.row, rec.Values[:m.columns])
	m.row[m.columns] = record.Value{Valid: true, Text: string(of.id)}
	m.row[m.columns+1] = record.Value{Valid: true, Int: of.sentAt.UnixMilli()}
	return m.row, nil
}
