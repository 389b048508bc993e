package httpapi

import (
	"bufio"
	"mime"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/sql/analyzer"
)

// encoder renders a result. Calls come in the order begin, row…, end or fail.
type encoder interface {
	contentType() string
	begin(w *bufio.Writer, columns []analyzer.Column) error
	row(w *bufio.Writer, values []any) error
	end(w *bufio.Writer, s Statistics) error
	fail(w *bufio.Writer, e Error) error
	// tellsErrors says whether fail writes something that no reader can miss.
	tellsErrors() bool
}

// encoders by content type, the default first.
var encoders = []struct {
	contentType string
	make        func() encoder
}{
	{"application/x-ndjson", func() encoder { return &ndjson{} }},
	{"text/csv", func() encoder { return &csvRows{} }},
	{"application/vnd.apache.arrow.stream", func() encoder { return &arrowRows{} }},
}

func contentTypes() []string {
	out := make([]string, len(encoders))
	for i, e := range encoders {
		out[i] = e.contentType
	}
	return out
}

// encoderFor picks the first type of an Accept header that there is an encoder
// for.
func encoderFor(accept string) (func() encoder, bool) {
	if strings.TrimSpace(accept) == "" {
		return encoders[0].make, true
	}
	for _, part := range strings.Split(accept, ",") {
		want, _, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		for _, e := range encoders {
			if want == e.contentType || want == "*/*" || want == "application/*" && strings.HasPrefix(e.contentType, "application/") ||
				want == "application/json" && e.contentType == "application/x-ndjson" {
				return e.make, true
			}
		}
	}
	return nil, false
}

// pacer says when to flush: often enough that rows arrive as they are found,
// seldom enough that a large result goes out in large pieces.
type pacer struct {
	rows int
	last time.Time
}

const (
	flushEvery = 50 * time.Millisecond
	checkEvery = 64 // rows between looks at the clock
)

func (p *pacer) due() bool {
	if p.rows++; p.rows%checkEvery != 0 {
		return false
	}
	now := time.Now()
	if now.Sub(p.last) < flushEvery {
		return false
	}
	p.last = now
	return true
}
