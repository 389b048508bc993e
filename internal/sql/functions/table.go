package functions

import (
	"sort"
)

// families are the parts of the table, one file each.
var families = [][]Function{}

// byName is the table by name and alias.
var byName = index()

func index() map[string]*Function {
	out := map[string]*Function{}
	for _, family := range families {
		for i := range family {
			f := &family[i]
			for j := range f.Sigs {
				f.Sigs[j].mustParse()
			}
			for _, name := range append([]string{f.Name}, f.Aliases...) {
				if out[name] != nil {
					panic("functions: two rows for " + name)
				}
				out[name] = f
			}
		}
	}
	return out
}

// All are the functions in order of name.
func All() []*Function {
	var out []*Function
	for name, f := range byName {
		if name == f.Name {
			out = append(out, f)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}
