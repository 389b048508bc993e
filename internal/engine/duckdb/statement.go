package duckdb

import (
	"context"
	"errors"
	"sync"
	"time"

	bindings "github.com/duckdb/duckdb-go-bindings"
	driver "github.com/duckdb/duckdb-go/v2"
)

// statement is one running SQL text on a connection of its own.
type statement struct {
	conn     *driver.Conn
	raw      bindings.Connection
	prepared bindings.PreparedStatement
	result   bindings.Result
	has      bool // result is set
}

// errDuckDB is what DuckDB says of a failed statement.
type errDuckDB struct{ message string }

func (e *errDuckDB) Error() string { return e.message }

// interruptEvery is how often an interrupt is repeated while a call goes on:
// DuckDB forgets one that comes between two of its steps.
const interruptEvery = 20 * time.Millisecond

// startStatement prepares a text and starts it with a streaming result.
func (e *Engine) startStatement(ctx context.Context, text string) (*statement, error) {
	c, err := e.connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	s := &statement{conn: c.(*driver.Conn)}
	if s.raw, err = rawConnection(s.conn); err == nil {
		err = s.call(ctx, func() error {
			if err := s.prepare(text); err != nil {
				return err
			}
			return s.execute()
		})
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// prepareStatement prepares a text that execute starts, again and again.
func (e *Engine) prepareStatement(ctx context.Context, text string) (*statement, error) {
	c, err := e.connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	s := &statement{conn: c.(*driver.Conn)}
	if s.raw, err = rawConnection(s.conn); err == nil {
		err = s.prepare(text)
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *statement) prepare(text string) error {
	if bindings.Prepare(s.raw, text, &s.prepared) == bindings.StateError {
		return &errDuckDB{bindings.PrepareError(s.prepared)}
	}
	if bindings.PreparedStatementType(s.prepared) != bindings.StatementTypeSelect {
		return errors.New("emitted SQL is no query")
	}
	return nil
}

// execute starts the prepared text, after the end of what it started before.
func (s *statement) execute() error {
	s.end()
	var pending bindings.PendingResult
	defer func() { bindings.DestroyPending(&pending) }()
	if bindings.PendingPreparedStreaming(s.prepared, &pending) == bindings.StateError {
		return &errDuckDB{bindings.PendingError(pending)}
	}
	state := bindings.ExecutePending(pending, &s.result)
	s.has = true
	if state == bindings.StateError {
		return &errDuckDB{bindings.ResultError(&s.result)}
	}
	return nil
}

// next fetches the next chunk, whose Ptr is nil at the end. Destroy it.
func (s *statement) next(ctx context.Context) (bindings.DataChunk, error) {
	var chunk bindings.DataChunk
	err := s.call(ctx, func() error {
		chunk = bindings.FetchChunk(s.result)
		if chunk.Ptr == nil {
			if message := bindings.ResultError(&s.result); message != "" {
				return &errDuckDB{message}
			}
		}
		return nil
	})
	return chunk, err
}

// call runs a step of DuckDB and interrupts it when ctx ends.
func (s *statement) call(ctx context.Context, step func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if ctx.Done() == nil {
		return step()
	}
	over := make(chan struct{})
	var interrupter sync.WaitGroup
	interrupter.Add(1)
	stop := context.AfterFunc(ctx, func() {
		defer interrupter.Done()
		s.interrupt(over)
	})
	err := step()
	close(over)
	if stop() { // it never began
		interrupter.Done()
	}
	interrupter.Wait() // or it could hit the connection's next call
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (s *statement) interrupt(over <-chan struct{}) {
	tick := time.NewTicker(interruptEvery)
	defer tick.Stop()
	for {
		select {
		case <-over:
			return
		default:
		}
		bindings.Interrupt(s.raw)
		select {
		case <-over:
			return
		case <-tick.C:
		}
	}
}

// end gives up the result, also while it runs.
func (s *statement) end() {
	if s.has {
		bindings.DestroyResult(&s.result)
		s.has = false
	}
}

// close ends the statement, also while it runs, and its connection.
func (s *statement) close() error {
	s.end()
	if s.prepared.Ptr != nil {
		bindings.DestroyPrepare(&s.prepared)
	}
	return s.conn.Close()
}
