package functions

import (
	"sort"
)

// family is a part of the table, in one file each.
type family struct {
	name string
	rows []Function
}

var families = []family{
	{aggregateFamily, aggregates},
	{aggregateFamily, approximations},
	{aggregateFamily, collecting},
	{aggregateFamily, extremes},
	{aggregateFamily, momentAggregates},
	{aggregateFamily, sketches},
	{arrayFamily, arrays},
	{arrayFamily, arrayBuilders},
	{binaryFamily, binaries},
	{bitwiseFamily, bitwises},
	{colorFamily, colors},
	{conditionalFamily, conditionals},
	{dateFamily, dates},
	{jsonFamily, jsons},
	{lambdaFamily, lambdas},
	{mapFamily, maps},
	{mapFamily, mapBuilders},
	{mathFamily, maths},
	{statisticsFamily, statistics},
	{conversionFamily, conversions},
	{regexpFamily, regexps},
	{stringFamily, strs},
	{urlFamily, urls},
	{uuidFamily, uuids},
	{windowFamily, windows},
	{geospatialFamily, geometries},
	{geospatialFamily, geometryParts},
	{geospatialFamily, geometryRelations},
	{geospatialFamily, tiles},
}

// byName is the table by name and alias.
var byName = index()

func index() map[string]*Function {
	out := map[string]*Function{}
	for _, fam := range families {
		for i := range fam.rows {
			f := &fam.rows[i]
			if f.Family == "" {
				f.Family = fam.name
			}
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
