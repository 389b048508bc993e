package crawler

import (
	"slices"
	"time"
)

// Classifier is a custom classifier, which is tried before the built-in ones.
type Classifier struct {
	Name             string
	CSV              *CSVClassifier // or
	Grok             *GrokClassifier
	Created, Updated time.Time
	Version          int64
}

// CSVClassifier recognises delimited text as it is told.
// https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-csv
type CSVClassifier struct {
	Delimiter         string // one character, "" to find it
	QuoteSymbol       string // one character, "" is "
	ContainsHeader    string // UNKNOWN, PRESENT or ABSENT
	Header            []string
	DisableTrimming   bool
	AllowSingleColumn bool
	SerDe             string // OpenCSVSerDe, LazySimpleSerDe or None
}

// check refuses what a classifier cannot be.
func (c *Classifier) check() error {
	if !validName(c.Name) {
		return fail(ErrInvalid, "Classifier name must have 1 to %d characters and no control characters", maxNameLength)
	}
	if c.Grok != nil {
		return c.Grok.check()
	}
	one := func(s string) bool { return s == "" || len(s) == 1 && s[0] < 0x80 }
	switch {
	case !one(c.CSV.Delimiter):
		return fail(ErrInvalid, "CsvClassifier: Delimiter %q is not one ASCII character", c.CSV.Delimiter)
	case !one(c.CSV.QuoteSymbol):
		return fail(ErrInvalid, "CsvClassifier: QuoteSymbol %q is not one ASCII character", c.CSV.QuoteSymbol)
	case c.CSV.Delimiter != "" && c.CSV.Delimiter == c.CSV.QuoteSymbol:
		return fail(ErrInvalid, "CsvClassifier: Delimiter and QuoteSymbol are the same")
	case !slices.Contains([]string{"", "UNKNOWN", "PRESENT", "ABSENT"}, c.CSV.ContainsHeader):
		return fail(ErrInvalid, "CsvClassifier: ContainsHeader %q is not known", c.CSV.ContainsHeader)
	case !slices.Contains([]string{"", "None", "OpenCSVSerDe", "LazySimpleSerDe"}, c.CSV.SerDe):
		return fail(ErrInvalid, "CsvClassifier: Serde %q is not known", c.CSV.SerDe)
	}
	return nil
}

var headerRules = map[string]headerRule{"PRESENT": headerPresent, "ABSENT": headerAbsent}

// recognise applies the classifier to the lines of a file.
func (c *Classifier) recognise(lines []string) (shape, bool) {
	switch {
	case len(lines) == 0:
		return shape{}, false
	case c.Grok != nil:
		return c.Grok.recognise(lines)
	}
	candidates := delimiters
	if c.CSV.Delimiter != "" {
		candidates = c.CSV.Delimiter
	}
	best, columns := byte(0), 0
	for _, d := range []byte(candidates) {
		if n := steadyColumns(lines, d); n > columns {
			best, columns = d, n
		}
	}
	if columns < minCSVColumns && !(columns == 1 && c.CSV.AllowSingleColumn) {
		return shape{}, false
	}
	if n := len(c.CSV.Header); n > 0 && n != columns {
		return shape{}, false
	}
	s := csvShape{delimiter: best, serde: c.CSV.SerDe}
	if c.CSV.QuoteSymbol != "" {
		s.quote = c.CSV.QuoteSymbol[0]
	}
	return csvOf(lines, s, columns, headerRules[c.CSV.ContainsHeader], c.CSV.Header), true
}
