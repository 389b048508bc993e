package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/scopsdb/scops/internal/crawler"
	"github.com/valyala/fasthttp"
)

// CrawlPath is the path of CrawlServer.
const CrawlPath = "/_scops/v1/crawl"

// CrawlRequest says what to crawl now.
type CrawlRequest struct {
	Path           string   `json:"path"`     // s3://bucket/prefix/
	Database       string   `json:"database"` // of the tables; made where it is missing
	Prefix         string   `json:"prefix,omitempty"`
	Exclude        []string `json:"exclude,omitempty"` // glob patterns relative to path
	SampleSize     int      `json:"sample_size,omitempty"`
	Combine        bool     `json:"combine,omitempty"` // one table of folders with different columns
	TableLevel     int      `json:"table_level,omitempty"`
	NewFoldersOnly bool     `json:"new_folders_only,omitempty"`
}

// CrawlAnswer is what a crawl found and did.
type CrawlAnswer struct {
	Crawler string          `json:"crawler"`
	State   string          `json:"state"` // COMPLETED, FAILED or STOPPED
	Error   string          `json:"error,omitempty"`
	Seconds float64         `json:"seconds"`
	Listed  crawler.Listed  `json:"listed"`
	Changes crawler.Changes `json:"changes"`
}

// CrawlServer answers CrawlPath.
type CrawlServer struct {
	Crawlers *crawler.Manager
	Log      *slog.Logger
}

// Handle answers POST: it crawls and returns once that is done.
func (s *CrawlServer) Handle(ctx context.Context, rc *fasthttp.RequestCtx) {
	if string(rc.Method()) != http.MethodPost {
		rc.Response.Header.Set("Allow", "POST")
		writeError(rc, http.StatusMethodNotAllowed, "MethodNotAllowed", CrawlPath+" takes POST")
		return
	}
	var in CrawlRequest
	if err := json.Unmarshal(rc.PostBody(), &in); err != nil {
		writeError(rc, http.StatusBadRequest, "InvalidRequest", err.Error())
		return
	}
	if in.Database == "" {
		in.Database = "default"
	}
	run, err := s.Crawlers.Crawl(ctx, crawler.Once{
		Target:   crawler.Target{Path: in.Path, Exclusions: in.Exclude, SampleSize: in.SampleSize},
		Database: in.Database, TablePrefix: in.Prefix, NewFolderOnly: in.NewFoldersOnly,
		Grouping: crawler.Grouping{CombineCompatible: in.Combine, TableLevel: in.TableLevel},
	})
	var refused *crawler.Error
	switch {
	case errors.As(err, &refused):
		status := http.StatusBadRequest
		if errors.Is(err, crawler.ErrRunning) {
			status = http.StatusConflict
		}
		writeError(rc, status, "InvalidRequest", err.Error())
	case err != nil:
		s.Log.Error("crawl", "error", err)
		writeError(rc, http.StatusInternalServerError, "CrawlFailed", err.Error())
	default:
		writeJSON(rc, http.StatusOK, CrawlAnswer{
			Crawler: run.Crawler, State: run.State, Error: run.Error, Seconds: run.End.Sub(run.Start).Seconds(), Listed: run.Listed, Changes: run.Changes,
		})
	}
}
