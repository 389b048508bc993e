package functions

import (
	"cmp"
	"slices"
	"strings"
)

// ListedForm is a form of a function as SHOW FUNCTIONS tells it.
type ListedForm struct {
	Name, Result, Arguments, Kind, Description string
	Deterministic                              bool
}

// Listing lists every form of every function under each of its names, in order.
func Listing() []ListedForm {
	var out []ListedForm
	for name, f := range byName {
		for i := range f.Sigs {
			arguments, result := f.Sigs[i].listed()
			out = append(out, ListedForm{name, result, arguments, kindNames[f.Kind], strings.TrimSuffix(f.Doc, "."), !f.Volatile})
		}
	}
	slices.SortFunc(out, func(x, y ListedForm) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Result, y.Result), cmp.Compare(x.Arguments, y.Arguments))
	})
	return out
}

var kindNames = map[Kind]string{Scalar: "scalar", Aggregate: "aggregate", Window: "window"}

// listed are the argument types, with a comma and a blank between them, and the
// result type of a form.
func (s *Signature) listed() (arguments, result string) {
	text, _, _ := strings.Cut(s.Text, " [")
	arguments, result, _ = strings.Cut(text, " -> ")
	arguments = strings.TrimSuffix(strings.TrimPrefix(arguments, "("), ")")
	return arguments, strings.TrimSpace(result)
}
