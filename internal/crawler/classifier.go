package crawler

// Classifier is a custom classifier, which is tried before the built-in ones.
type Classifier struct {
	Name string
	CSV  *CSVClassifier
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

var headerRules = map[string]headerRule{"PRESENT": headerPresent, "ABSENT": headerAbsent}

// recognise applies the classifier to the lines of a file.
func (c *Classifier) recognise(lines []string) (shape, bool) {
	if c.CSV == nil || len(lines) == 0 {
		return shape{}, false
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
