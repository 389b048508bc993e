package crawler

import (
	"bytes"
	"regexp"

	"github.com/scopsdb/scops/internal/formats"
)

// apacheLogs are the access logs of Apache, the longer form first: lines, and the
// columns that Glue's grok patterns make of them.
var apacheLogs = []struct {
	class, grok string
	line        *regexp.Regexp
	columns     []string
}{
	{
		classCombinedApache, "%{COMBINEDAPACHELOG}",
		regexp.MustCompile(`^\S+ \S+ \S+ \[[^\]]+\] "[^"]*" \d+ (?:\d+|-) "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*"$`),
		[]string{"clientip", "ident", "auth", "timestamp", "verb", "request", "httpversion", "rawrequest", "response", "bytes", "referrer", "agent"},
	},
	{
		classApache, "%{COMMONAPACHELOG}",
		regexp.MustCompile(`^\S+ \S+ \S+ \[[^\]]+\] "[^"]*" \d+ (?:\d+|-)$`),
		[]string{"clientip", "ident", "auth", "timestamp", "verb", "request", "httpversion", "rawrequest", "response", "bytes"},
	},
}

// apacheShape recognises Apache's access logs.
func apacheShape(_ []byte, lines []string) (shape, bool) {
	for _, log := range apacheLogs {
		good := 0
		for _, line := range lines {
			if log.line.MatchString(line) {
				good++
			}
		}
		if good == 0 || good*10 < len(lines)*9 {
			continue
		}
		out := shape{class: log.class, grok: log.grok}
		for _, c := range log.columns {
			out.columns = append(out.columns, formats.Field{Name: c, Type: stringType})
		}
		return out, true
	}
	return shape{}, false
}

var cloudTrailStart = regexp.MustCompile(`^\s*\{\s*"Records"\s*:\s*\[\s*\{[^{}]*"event(?:Version|Time|Source|Name)"\s*:`)

// cloudTrailShape recognises the files of AWS CloudTrail: one document with all
// records.
func cloudTrailShape(content []byte, _ []string) (shape, bool) {
	if !bytes.Contains(content, []byte(`"Records"`)) || !cloudTrailStart.Match(content) {
		return shape{}, false
	}
	return unrecognised("CloudTrail's files are not crawled: create the table with the CloudTrail SerDe"), true
}
