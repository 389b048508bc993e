package execution

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"time"
)

// streamName names an environment as AWS names its log stream.
func streamName(version string, now time.Time) string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	return now.UTC().Format("2006/01/02") + "/[" + version + "]" + hex.EncodeToString(id[:])
}

// report ends the invocation's part of the log and gives the result its tail.
func (i *instance) report(r *running, result *Result, initDuration time.Duration) {
	took := time.Since(r.start)
	if result.ErrorLog == kindTimedOut {
		took = i.fn.Timeout
	}
	i.measure()
	var lines []string
	if result.ErrorLog == kindTimedOut {
		lines = append(lines, fmt.Sprintf("%s %s Task timed out after %.2f seconds", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), r.RequestID, i.fn.Timeout.Seconds()))
	}
	lines = append(lines, "END RequestId: "+r.RequestID, i.reportLine(r.RequestID, took, initDuration, result.ErrorLog))
	result.Log = i.out.end(lines...)
}

// reportLine is AWS's.
func (i *instance) reportLine(id string, took, initDuration time.Duration, errorType string) string {
	var b strings.Builder
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	fmt.Fprintf(&b, "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %d MB\tMax Memory Used: %d MB",
		id, ms(took), math.Ceil(ms(took)), i.fn.Memory, (i.peak.Load()+1<<20-1)>>20)
	if initDuration > 0 {
		fmt.Fprintf(&b, "\tInit Duration: %.2f ms", ms(initDuration))
	}
	switch errorType {
	case "":
	case kindTimedOut:
		b.WriteString("\tStatus: timeout")
	default:
		b.WriteString("\tStatus: error\tError Type: " + errorType)
	}
	return b.String()
}
