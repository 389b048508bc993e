package projection

import (
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
)

// location is where the folder of a partition is: literal texts, each but the
// last followed by the value of a key.
type location struct {
	texts []string
	keys  []int // places of the keys
	// escaped is set for folders named as Hive does, below the table's location.
	escaped bool
}

// readLocation reads storage.location.template, in which every key must stand
// as ${key}.
func readLocation(t *catalog.Table) (location, error) {
	template, ok := t.Parameters[templateProperty]
	if !ok {
		return hiveLocation(t), nil
	}
	for _, k := range t.PartitionKeys {
		if !strings.Contains(template, "${"+k.Name+"}") {
			return location{}, fail(errTableProperty, "Partition projection location template: %s is missing partition column: '%s' placeholder", template, k.Name)
		}
	}
	var l location
	rest := template
	for {
		text, after, ok := strings.Cut(rest, "${")
		name, next, closed := strings.Cut(after, "}")
		if !ok || !closed {
			l.texts = append(l.texts, rest)
			return l, nil
		}
		at := keyPlace(t, name)
		if at < 0 {
			return location{}, fail(errTableProperty, "Partition projection location template: %s has a placeholder of '%s', which is not a partition column", template, name)
		}
		l.texts, l.keys, rest = append(l.texts, text), append(l.keys, at), next
	}
}

func keyPlace(t *catalog.Table, name string) int {
	for i, k := range t.PartitionKeys {
		if k.Name == name {
			return i
		}
	}
	return -1
}

// hiveLocation is key=value/ for each key, below the table's location.
func hiveLocation(t *catalog.Table) location {
	l := location{escaped: true}
	before := strings.TrimSuffix(t.Location, "/") + "/"
	for i, k := range t.PartitionKeys {
		l.texts, l.keys = append(l.texts, before+catalog.EscapePath(k.Name)+"="), append(l.keys, i)
		before = "/"
	}
	l.texts = append(l.texts, before)
	return l
}

// folder is the location with the given texts of all keys.
func (l location) folder(values []string) string {
	var b strings.Builder
	for i, k := range l.keys {
		b.WriteString(l.texts[i])
		if l.escaped {
			b.WriteString(catalog.EscapePath(values[k]))
		} else {
			b.WriteString(values[k])
		}
	}
	b.WriteString(l.texts[len(l.texts)-1])
	return b.String()
}
