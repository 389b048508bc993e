package crawler

import (
	"strings"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/grok"
)

// GrokClassifier recognises lines that a pattern finds.
// https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-grok
type GrokClassifier struct {
	Classification string
	Pattern        string
	Custom         string // patterns that Pattern refers to, one a line
}

// grokTypes are the types that a pattern can give to a part, as Hive has them.
var grokTypes = map[string]formats.TypeKind{
	"byte": formats.TinyInt, "short": formats.SmallInt, "int": formats.Int, "long": formats.BigInt,
	"float": formats.Float, "double": formats.Double, "boolean": formats.Boolean,
}

func (c *GrokClassifier) check() error {
	if c.Classification == "" {
		return fail(ErrInvalid, "GrokClassifier: Classification is needed")
	}
	if _, err := grok.Compile(c.Pattern, c.Custom); err != nil {
		return fail(ErrInvalid, "GrokClassifier: GrokPattern: %v", err)
	}
	return nil
}

// recognise applies the pattern to the lines of a file.
func (c *GrokClassifier) recognise(lines []string) (shape, bool) {
	p, err := grok.Compile(c.Pattern, c.Custom)
	if err != nil {
		return shape{}, false // it was checked before it was kept
	}
	m := p.Regexp.NewMatcher()
	good := 0
	for _, line := range lines {
		if ok, err := m.Find([]byte(line)); ok && err == nil {
			good++
		}
	}
	if good == 0 || good*10 < len(lines)*9 {
		return shape{}, false
	}
	out := shape{class: c.Classification, grok: c.Pattern, custom: c.Custom}
	for i, key := range p.Keys {
		t := stringType
		for _, capture := range p.Captures {
			if kind := grokTypes[capture.Type]; capture.Place == i && kind != 0 {
				t = formats.Type{Kind: kind}
			}
		}
		out.columns = append(out.columns, formats.Field{Name: strings.ToLower(key), Type: t})
	}
	out.columns = distinct(out.columns)
	return out, true
}
