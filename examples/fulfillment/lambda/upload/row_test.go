package main

import (
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	r, p, err := parse(`{"order_id":"1","action":"order","ordered_at":"2021-02-02T15:30:00.125Z","district":"강남구","quantity":2,"more":1}`)
	require.NoError(t, err)
	require.Equal(t, row{OrderID: "1", Action: "order", OrderedAt: "2021-02-02 15:30:00.125", District: "강남구", Quantity: 2}, r)
	require.Equal(t, "year=2021/month=02/day=03/", p.folder(), "the day in Seoul")
	for _, body := range []string{
		``, `text`, `[]`, `{}`, `{"order_id":"1","action":"order"}`, `{"order_id":"1","action":"order","ordered_at":"today"}`,
		`{"action":"order","ordered_at":"2021-02-02T15:30:00Z"}`, `{"order_id":1,"action":"order","ordered_at":"2021-02-02T15:30:00Z"}`,
	} {
		_, _, err := parse(body)
		require.Error(t, err, body)
	}
}

// TestFileFollowsFromItsMessages holds that a repeated batch replaces its
// object, in whatever order its messages come.
func TestFileFollowsFromItsMessages(t *testing.T) {
	write := func(ids ...string) (string, []byte) {
		f := &file{}
		for _, id := range ids {
			f.add(id, row{OrderID: id})
		}
		data, err := f.encode()
		require.NoError(t, err)
		return f.name(), data
	}
	name, data := write("a", "b", "c")
	again, same := write("c", "a", "b", "a")
	require.Equal(t, name, again)
	require.Equal(t, data, same)
	other, _ := write("a", "b")
	require.NotEqual(t, name, other)

	z, err := gzip.NewReader(strings.NewReader(string(data)))
	require.NoError(t, err)
	text, err := io.ReadAll(z)
	require.NoError(t, err)
	require.Len(t, slices.Collect(strings.Lines(string(text))), 3)
}
