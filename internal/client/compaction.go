package client

import (
	"context"
	"net/http"

	"github.com/scopsdb/scops/internal/compaction"
	"github.com/scopsdb/scops/internal/httpapi"
)

type compactionAnswer struct {
	Tables []compaction.TableStatus `json:"tables"`
}

// Compaction returns how the files of each delivered table stand.
func (c *Client) Compaction(ctx context.Context) ([]compaction.TableStatus, error) {
	var out compactionAnswer
	err := c.call(ctx, http.MethodGet, httpapi.CompactionPath, nil, &out)
	return out.Tables, err
}

// Compact merges the small files of a table (database.table), or of all for "",
// and returns once that is done.
func (c *Client) Compact(ctx context.Context, table string) ([]compaction.TableStatus, error) {
	var out compactionAnswer
	err := c.call(ctx, http.MethodPost, httpapi.CompactionPath, httpapi.CompactionRequest{Table: table}, &out)
	return out.Tables, err
}
