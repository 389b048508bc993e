package analyzer

import (
	"fmt"
	"strconv"
	"strings"
)

// Estimate is what running a query would read, as far as it is known before.
type Estimate struct {
	Scans []ScanFigures // one for each of Analysis.Scans
	Bytes int64         // to be scanned
	// AtMost is set where Bytes has whole files of which only some columns are
	// read.
	AtMost  bool
	CostUSD float64
	Cost    string // CostUSD for people, with the price
	// Unknown says why nothing else here is known; "" where it is.
	Unknown string
}

// text is the last part of a plan as text.
func (e *Estimate) text() string {
	switch {
	case e == nil:
		return ""
	case e.Unknown != "":
		return "\n\nEstimate: not known: " + e.Unknown
	}
	partitions, total, files := e.sums()
	parts := []string{counted(files, "file")}
	if total > 0 {
		parts = append([]string{fmt.Sprintf("%d of %s", partitions, counted(total, "partition"))}, parts...)
	}
	most := ""
	if e.AtMost {
		most = " at most (whole files; the columns that are read are fewer)"
	}
	return fmt.Sprintf("\n\nEstimate: %s, %dB to scan%s\nCost: %s", strings.Join(parts, ", "), e.Bytes, most, e.Cost)
}

func (e *Estimate) sums() (partitions, total, files int64) {
	for _, s := range e.Scans {
		partitions += int64(s.Partitions)
		total += int64(s.PartitionsTotal)
		files += int64(s.Files)
	}
	return partitions, total, files
}

// json is the member "estimate" of a plan as JSON.
func (e *Estimate) json() object {
	if e.Unknown != "" {
		return object{{"unknown", e.Unknown}}
	}
	partitions, total, files := e.sums()
	return object{
		{"partitionsRead", strconv.FormatInt(partitions, 10)},
		{"partitionsTotal", strconv.FormatInt(total, 10)},
		{"files", strconv.FormatInt(files, 10)},
		{"bytesScanned", strconv.FormatInt(e.Bytes, 10)},
		{"atMost", e.AtMost},
		{"costUSD", strconv.FormatFloat(e.CostUSD, 'f', -1, 64)},
	}
}
