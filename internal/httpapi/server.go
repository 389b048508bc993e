package httpapi

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/scopsdb/scops/internal/athena"
	"github.com/scopsdb/scops/internal/compaction"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/lint"
	"github.com/scopsdb/scops/internal/pricing"
	"github.com/scopsdb/scops/internal/sqs"
	"github.com/valyala/fasthttp"
)

// Pricing is how scans are priced.
type Pricing = pricing.Pricing

// DefaultPricing is Athena's.
var DefaultPricing = pricing.Default

// Server answers /_scops/v1/.
type Server struct {
	athena     *athena.Service
	deliveries *delivery.Manager
	queues     *sqs.Service
	define     Definitions
	compaction *compaction.Compactor
	log        *slog.Logger
}

// New makes the server.
func New(a *athena.Service, d *delivery.Manager, define Definitions, queues *sqs.Service, c *compaction.Compactor, log *slog.Logger) *Server {
	return &Server{athena: a, deliveries: d, define: define, queues: queues, compaction: c, log: log}
}

// Statistics are the figures of a query, as answers carry them.
type Statistics struct {
	QueryExecutionID string `json:"query_execution_id"`
	State            string `json:"state"`
	Rows             int64  `json:"rows"`
	BytesScanned     int64  `json:"bytes_scanned"`
	PartitionsRead   int    `json:"partitions_read"`
	PartitionsTotal  int    `json:"partitions_total"`
	Files            int    `json:"files"`
	MemoryRows       int    `json:"memory_rows"` // of delivered tables, in no file yet
	// Warnings are what to know about the result.
	Warnings []lint.Warning `json:"warnings,omitempty"`
	// ReusedFrom is the execution whose result the rows are; "" where they were
	// computed.
	ReusedFrom     string  `json:"reused_from,omitempty"`
	TotalMillis    float64 `json:"total_ms"`
	QueueMillis    float64 `json:"queue_ms"`
	PlanningMillis float64 `json:"planning_ms"`
	EngineMillis   float64 `json:"engine_ms"`
	// CompleteUpTo, by delivered table that was read: every event whose send was
	// answered before is in the result, or rejected.
	CompleteUpTo map[string]time.Time `json:"complete_up_to,omitempty"`
}

// StatisticsOf renders a summary.
func StatisticsOf(q athena.QuerySummary) Statistics {
	s := q.Statistics
	return Statistics{
		QueryExecutionID: string(q.ID), State: string(q.State),
		Warnings: s.Warnings, ReusedFrom: string(q.ReusedFrom), Rows: s.Rows, BytesScanned: s.BytesScanned,
		PartitionsRead: s.PartitionsRead, PartitionsTotal: s.PartitionsTotal, Files: s.Files,
		MemoryRows: s.MemoryRows, CompleteUpTo: s.CompleteUpTo,
		TotalMillis: s.Total.Seconds() * 1e3, QueueMillis: s.Queue.Seconds() * 1e3,
		PlanningMillis: s.Planning.Seconds() * 1e3, EngineMillis: s.Engine.Seconds() * 1e3,
	}
}

// Error is a failure in an answer.
type Error struct {
	Code    string `json:"code"` // Trino's error name or an Athena code
	Message string `json:"message"`
}

// splitReason takes "NAME: message" apart.
func splitReason(reason string) Error {
	name, message, ok := strings.Cut(reason, ": ")
	if !ok || strings.ToUpper(name) != name || strings.ContainsAny(name, " ") {
		return Error{Code: "QUERY_FAILED", Message: reason}
	}
	return Error{Code: name, Message: message}
}

// maxTrailer is how many bytes of a message a trailer holds: clients limit all
// headers of an answer.
const maxTrailer = 2 << 10

// trailerText makes a message that quotes data fit for a header: without control
// characters, and not too long.
func trailerText(s string) string {
	if len(s) > maxTrailer {
		s = strings.ToValidUTF8(s[:maxTrailer], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

func writeError(rc *fasthttp.RequestCtx, status int, code, message string) {
	writeJSON(rc, status, map[string]any{"error": Error{Code: code, Message: message}})
}

func writeJSON(rc *fasthttp.RequestCtx, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		rc.SetStatusCode(http.StatusInternalServerError)
		return
	}
	rc.SetStatusCode(status)
	rc.SetContentType("application/json")
	rc.Response.Header.Set("Cache-Control", "no-store")
	rc.SetBody(append(text, '\n'))
}
