package grok

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/scopsdb/scops/internal/javaregex"
)

//go:embed patterns.txt
var builtIn string

// definitionLine is a line of patterns: a name and what it stands for. Other
// lines are comments.
var definitionLine = regexp.MustCompile(`^([A-z0-9_]+)[ \t\n\x0B\f\r]+(.*)$`)

var builtInPatterns = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	_ = define(out, builtIn)
	return out
})

func define(to map[string]string, text string) error {
	for line := range strings.Lines(text) {
		m := definitionLine.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil {
			continue
		}
		if strings.TrimSpace(m[2]) == "" {
			return fmt.Errorf("custom pattern %s has no definition", m[1])
		}
		to[m[1]] = m[2]
	}
	return nil
}

// reference is %{NAME}, %{NAME:key}, %{NAME:key:type} or %{NAME=definition}.
var reference = regexp.MustCompile(`%\{(([A-z0-9]+)(?::([A-z0-9_:;/\s.]+))?)(?:=((?:[^{}]+|\.+)+))?\}`)

// namedGroup finds the names of groups that Java accepts.
var namedGroup = regexp.MustCompile(`\(\?<([a-zA-Z][a-zA-Z0-9]*)>`)

// anyGroup also finds the names that it does not accept.
var anyGroup = regexp.MustCompile(`\(\?<([^>=!]+)>`)

// Bounds of a pattern with all its references replaced.
const (
	mostReferences = 1000
	longestPattern = 1 << 20
)

// unwanted is the key of groups whose text is no value.
const unwanted = "UNWANTED"

// Capture is one group of a pattern that gives a value.
type Capture struct {
	Group int    // of the regular expression
	Place int    // among the keys of the pattern: of two captures with one key the later counts
	Type  string // byte, short, int, long, float, double, boolean, string, or "" for none
}

// Pattern is a compiled Grok pattern.
type Pattern struct {
	Regexp   *javaregex.Regexp
	Captures []Capture
	Keys     []string // in the order in which they give values
}

// Compile reads an input.format and its custom patterns, one a line. Only
// references with a key, %{NAME:key}, give values, also those inside of patterns
// that are referred to. An error that wraps javaregex.ErrUnsupported is of what
// is not read here; others are about the pattern.
func Compile(format, custom string) (*Pattern, error) {
	if strings.TrimSpace(format) == "" {
		return nil, errors.New("input.format is empty")
	}
	if m := anyGroup.FindStringSubmatch(format); m != nil {
		return nil, fmt.Errorf("%w: group (?<%s>…) in input.format: define a pattern for it in input.grokCustomPatterns", javaregex.ErrUnsupported, m[1])
	}
	c := &compiler{patterns: map[string]string{}, keys: map[string]string{}, text: format}
	for name, text := range builtInPatterns() {
		c.patterns[name] = text
	}
	if err := define(c.patterns, custom); err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		if n == mostReferences || len(c.text) > longestPattern {
			return nil, fmt.Errorf("deep recursion in the patterns of %s", format)
		}
		m := reference.FindStringSubmatch(c.text)
		if m == nil {
			break
		}
		if err := c.replace(m, n); err != nil {
			return nil, err
		}
	}
	return c.pattern()
}

type compiler struct {
	patterns map[string]string
	keys     map[string]string // of generated groups
	text     string
}

// replace puts the definition in all places of one reference.
func (c *compiler) replace(m []string, index int) error {
	whole, name, key, definition := m[0], m[2], m[3], m[4]
	if definition != "" {
		c.patterns[name] = definition
	}
	text, ok := c.patterns[name]
	if !ok {
		return fmt.Errorf("pattern %s is not defined", name)
	}
	if key != "" {
		group := fmt.Sprintf("name%d", index)
		c.keys[group] = key
		text = "(?<" + group + ">" + text + ")"
	}
	c.text = strings.ReplaceAll(c.text, whole, text)
	return nil
}

// types are those that a key may name, key:type or key;type.
var types = map[string]bool{"": true, "byte": true, "short": true, "int": true, "long": true, "float": true, "double": true, "boolean": true, "string": true}

func (c *compiler) pattern() (*Pattern, error) {
	re, err := javaregex.Compile(c.text, javaregex.Options{})
	if err != nil {
		return nil, err
	}
	p := &Pattern{Regexp: re}
	places := map[string]int{}
	for _, m := range namedGroup.FindAllStringSubmatch(c.text, -1) {
		number, ok := re.GroupNumber(m[1])
		if !ok { // inside of a class or a quote
			continue
		}
		key, generated := c.keys[m[1]]
		if !generated {
			key = m[1]
		}
		key, typ, _ := strings.Cut(strings.ReplaceAll(key, ";", ":"), ":")
		if !types[typ] {
			return nil, fmt.Errorf("%w: type %q of the Grok key %s", javaregex.ErrUnsupported, typ, key)
		}
		if key == unwanted {
			continue
		}
		if _, known := places[key]; !known {
			places[key] = len(p.Keys)
			p.Keys = append(p.Keys, key)
		}
		p.Captures = append(p.Captures, Capture{Group: number, Place: places[key], Type: typ})
	}
	return p, nil
}
