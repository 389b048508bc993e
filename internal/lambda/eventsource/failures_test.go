package eventsource

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFailedItems has AWS's conditions of success and failure of a partial
// batch response.
func TestFailedItems(t *testing.T) {
	batch := []record{{id: "a"}, {id: "b"}}
	for _, c := range []struct {
		name, answer string
		failed       []string
		invalid      bool // the whole batch failed
	}{
		{"one", `{"batchItemFailures":[{"itemIdentifier":"a"}]}`, []string{"a"}, false},
		{"all", `{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]}`, []string{"a", "b"}, false},
		{"one twice", `{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"b"}]}`, []string{"b"}, false},
		{"more keys", `{"batchItemFailures":[{"itemIdentifier":"b","why":1}],"n":1}`, []string{"b"}, false},
		{"none", `{"batchItemFailures":[]}`, nil, false},
		{"null list", `{"batchItemFailures":null}`, nil, false},
		{"no list", `{}`, nil, false},
		{"null", ` null `, nil, false},
		{"nothing", ``, nil, false},
		{"empty string", `""`, nil, false},
		{"other key", `{"BatchItemFailures":[{"itemIdentifier":"a"}]}`, nil, false},

		{"unknown id", `{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"c"}]}`, nil, true},
		{"empty id", `{"batchItemFailures":[{"itemIdentifier":""}]}`, nil, true},
		{"null id", `{"batchItemFailures":[{"itemIdentifier":null}]}`, nil, true},
		{"number as id", `{"batchItemFailures":[{"itemIdentifier":1}]}`, nil, true},
		{"wrong key", `{"batchItemFailures":[{"itemidentifier":"a"}]}`, nil, true},
		{"empty item", `{"batchItemFailures":[{}]}`, nil, true},
		{"null item", `{"batchItemFailures":[null]}`, nil, true},
		{"ids alone", `{"batchItemFailures":["a"]}`, nil, true},
		{"object for list", `{"batchItemFailures":{"itemIdentifier":"a"}}`, nil, true},
		{"string", `"done"`, nil, true},
		{"array", `[]`, nil, true},
		{"broken", `{"batchItemFailures":[`, nil, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := failedItems([]byte(c.answer), batch)
			require.Equal(t, c.invalid, err != nil, "%v", err)
			require.Len(t, got, len(c.failed))
			for _, id := range c.failed {
				require.True(t, got[id])
			}
		})
	}
}

func FuzzFailedItems(f *testing.F) {
	f.Add([]byte(`{"batchItemFailures":[{"itemIdentifier":"a"}]}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		failed, err := failedItems(answer, []record{{id: "a"}, {id: "b"}})
		require.True(t, err == nil || failed == nil)
		for id := range failed {
			require.Contains(t, []string{"a", "b"}, id)
		}
	})
}
