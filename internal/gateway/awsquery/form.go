package awsquery

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// FormError is a form that does not fit the operation. Clients see it as
// ValidationError.
type FormError struct{ Message string }

func (e *FormError) Error() string { return e.Message }

// Bounds of a form: a batch of ten messages with all that they can have is well
// below the first, and no shape is nested as deep as the second.
const (
	maxParameters = 10_000
	maxNesting    = 12
)

// Form is the parameters of a request as the tree that their dotted names are.
type Form struct {
	text     string
	set      bool
	children map[string]*Form
}

// Parse reads query strings and bodies; of a name that comes twice the last one
// counts. Every error is a *FormError.
func Parse(texts ...string) (*Form, error) {
	f := &Form{}
	n := 0
	for _, text := range texts {
		for text != "" {
			var pair string
			pair, text, _ = strings.Cut(text, "&")
			if pair == "" {
				continue
			}
			if n++; n > maxParameters {
				return nil, &FormError{fmt.Sprintf("The request has more than %d parameters", maxParameters)}
			}
			if err := f.add(pair); err != nil {
				return nil, err
			}
		}
	}
	return f, nil
}

func (f *Form) add(pair string) error {
	name, text, _ := strings.Cut(pair, "=")
	name, err := url.QueryUnescape(name)
	if err == nil {
		text, err = url.QueryUnescape(text)
	}
	if err != nil {
		return &FormError{"The query string contains a syntax error."}
	}
	f.Set(name, text)
	return nil
}

// Set gives a parameter its text. A name nested deeper than shapes are is left
// out, as all names are that no shape has.
func (f *Form) Set(name, text string) {
	if strings.Count(name, ".") >= maxNesting {
		return
	}
	for part := range strings.SplitSeq(name, ".") {
		child := f.children[part]
		if child == nil {
			if f.children == nil {
				f.children = map[string]*Form{}
			}
			child = &Form{}
			f.children[part] = child
		}
		f = child
	}
	f.text, f.set = text, true
}

// Get returns the text of a parameter without a dot, or "".
func (f *Form) Get(name string) string {
	if child := f.children[name]; child != nil {
		return child.text
	}
	return ""
}

// numbered is an item of a list with its place in the names.
type numbered struct {
	n    int
	name string
	*Form
}

// items are the children that have numbers for names, in order. Gaps are
// allowed, so that nothing that was sent is left out unseen.
func (f *Form) items(name string) ([]numbered, error) {
	var items []numbered
	for part, child := range f.children {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || part[0] == '+' {
			return nil, &FormError{fmt.Sprintf("%s.%s: a number must follow %s.", name, part, name)}
		}
		items = append(items, numbered{n, name + "." + part, child})
	}
	slices.SortFunc(items, func(a, b numbered) int { return a.n - b.n })
	return items, nil
}
