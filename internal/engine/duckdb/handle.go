package duckdb

import (
	"fmt"
	"reflect"

	bindings "github.com/duckdb/duckdb-go-bindings"
	driver "github.com/duckdb/duckdb-go/v2"
)

// The driver materialises every result and boxes every value twice. Streaming
// and direct access to vectors need the C handles inside its types, which it
// keeps to itself: they are read here, and only here. See
// docs/decisions/0070-stream-results-below-the-driver.md.

func rawConnection(c *driver.Conn) (bindings.Connection, error) {
	ptr := reflect.ValueOf(c).Elem().FieldByName("conn").FieldByName("Ptr")
	if ptr.Kind() != reflect.UnsafePointer || ptr.IsNil() {
		return bindings.Connection{}, fmt.Errorf("this version of duckdb-go has no connection handle")
	}
	return bindings.Connection{Ptr: ptr.UnsafePointer()}, nil
}

func rawChunk(c driver.DataChunk) (bindings.DataChunk, error) {
	ptr := reflect.ValueOf(c).FieldByName("chunk").FieldByName("Ptr")
	if ptr.Kind() != reflect.UnsafePointer || ptr.IsNil() {
		return bindings.DataChunk{}, fmt.Errorf("this version of duckdb-go has no chunk handle")
	}
	return bindings.DataChunk{Ptr: ptr.UnsafePointer()}, nil
}

// rawProjection gives for each declared column of a table function its vector in
// the chunk, or -1 where the query does not need it.
func rawProjection(c driver.DataChunk, columns int) ([]int, error) {
	field := reflect.ValueOf(c).FieldByName("projection")
	if field.Kind() != reflect.Slice || field.Type().Elem().Kind() != reflect.Int || field.Len() != columns {
		return nil, fmt.Errorf("this version of duckdb-go has no projection")
	}
	p := make([]int, columns)
	for i := range p {
		p[i] = int(field.Index(i).Int())
	}
	return p, nil
}
