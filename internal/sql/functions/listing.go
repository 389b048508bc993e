package functions

import (
	"slices"
	"strconv"
	"strings"
)

// ListedForm is a row of SHOW FUNCTIONS: name, result type, argument types,
// kind and description, and whether the function is deterministic, as true or
// false.
type ListedForm struct {
	Cells         []string
	Deterministic string
}

// Listing lists every form of every function under each of its names.
func Listing() []ListedForm {
	var out []ListedForm
	for name, f := range byName {
		for i := range f.Sigs {
			arguments, result := f.Sigs[i].listed()
			out = append(out, ListedForm{
				Cells:         []string{name, result, arguments, kindNames[f.Kind], strings.TrimSuffix(f.Doc, ".")},
				Deterministic: strconv.FormatBool(!f.Volatile),
			})
		}
	}
	slices.SortFunc(out, func(x, y ListedForm) int { return slices.Compare(x.Cells, y.Cells) })
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
