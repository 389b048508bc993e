package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/compaction"
	"github.com/valyala/fasthttp"
)

// CompactionPath is the path of Compaction.
const CompactionPath = "/_scops/v1/compaction"

// CompactionRequest asks to merge small files now.
type CompactionRequest struct {
	Table string `json:"table,omitempty"` // database.table; "" is every delivered table
}

// Compaction answers GET: how the files of each delivered table stand; and POST:
// the same after their small files are merged.
func (s *Server) Compaction(ctx context.Context, rc *fasthttp.RequestCtx) {
	switch string(rc.Method()) {
	case http.MethodGet:
	case http.MethodPost:
		if err := s.compact(ctx, rc.PostBody()); err != nil {
			s.refuseCompaction(rc, err)
			return
		}
	default:
		rc.Response.Header.Set("Allow", "GET, POST")
		writeError(rc, http.StatusMethodNotAllowed, "MethodNotAllowed", CompactionPath+" takes GET, POST")
		return
	}
	tables, err := s.compaction.Status(ctx)
	if err != nil {
		s.refuseCompaction(rc, err)
		return
	}
	writeJSON(rc, http.StatusOK, map[string]any{"tables": tables})
}

func (s *Server) compact(ctx context.Context, body []byte) error {
	var in CompactionRequest
	if len(body) > 0 {
		if err := json.Unmarshal(body, &in); err != nil {
			return invalid{err}
		}
	}
	if in.Table == "" {
		return s.compaction.CompactAll(ctx)
	}
	database, table, ok := strings.Cut(in.Table, ".")
	if !ok {
		return invalid{errors.New("table is not of the form database.table")}
	}
	return s.compaction.Compact(ctx, database, table)
}

func (s *Server) refuseCompaction(rc *fasthttp.RequestCtx, err error) {
	var asked invalid
	switch {
	case errors.As(err, &asked), errors.Is(err, compaction.ErrNotDelivered):
		writeError(rc, http.StatusBadRequest, "InvalidRequest", err.Error())
	case errors.Is(err, catalog.ErrNotFound):
		writeError(rc, http.StatusNotFound, "TableNotFound", err.Error())
	default:
		s.log.Error("compaction", "error", err)
		writeError(rc, http.StatusInternalServerError, "CompactionFailed", err.Error())
	}
}
