package analyzer

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/sql/ast"
)

// Figures are what is known of a query that has run, for EXPLAIN ANALYZE.
type Figures struct {
	Analysis, Planning, Execution time.Duration
	Rows                          int64 // of the result
	BytesScanned                  int64
	Scans                         []ScanFigures // one for each of Analysis.Scans
}

// ScanFigures are what a scan reads.
type ScanFigures struct {
	Partitions, PartitionsTotal int
	Files                       int
	Bytes                       int64 // size of the files
}

// ExplainAnalyzed writes the plan of a query that has run, with its figures.
func (an *Analysis) ExplainAnalyzed(e *ast.Explain, f Figures) string {
	if e.Format == "JSON" {
		return an.planJSON(true, &f, nil)
	}
	return strings.Join(f.lines(), "\n") + "\n" + an.text(&f)
}

// lines are the figures of the whole query, in Trino's words where it has them.
func (f *Figures) lines() []string {
	return []string{
		fmt.Sprintf("Analysis: %s, Planning: %s, Execution: %s", durationText(f.Analysis), durationText(f.Planning), durationText(f.Execution)),
		fmt.Sprintf("Output: %s, Physical input: %dB", counted(f.Rows, "row"), f.BytesScanned),
	}
}

func (s ScanFigures) line() string {
	text := fmt.Sprintf("Input: %s (%dB)", counted(int64(s.Files), "file"), s.Bytes)
	if s.PartitionsTotal > 0 {
		text += fmt.Sprintf(", %d of %s", s.Partitions, counted(int64(s.PartitionsTotal), "partition"))
	}
	return text
}

func counted(n int64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.FormatInt(n, 10) + " " + noun
}

// durationUnits are those that Trino writes durations in, the largest first.
var durationUnits = []struct {
	unit time.Duration
	name string
}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "us"}}

// durationText writes a duration as Trino does: 40.14ms.
func durationText(d time.Duration) string {
	for _, u := range durationUnits {
		if d >= u.unit {
			return fmt.Sprintf("%.2f%s", float64(d)/float64(u.unit), u.name)
		}
	}
	return fmt.Sprintf("%.2fns", float64(d))
}
