package crawler

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/scopsdb/scops/internal/catalog"
)

// Grouping says how folders become tables.
type Grouping struct {
	// CombineCompatible makes one table of folders whose files are of one
	// format, however different their columns are.
	CombineCompatible bool
	// TableLevel, where it is not 0, is how deep the folders of tables are; the
	// bucket is level 1.
	TableLevel int
}

// grouper finds the tables of a target.
type grouper struct {
	bucket   string
	sampler  sampler
	grouping Grouping
	notes    []string
	most     int // objects to read; 0 is mostSamples
}

// mostNotes bounds what a run keeps of what it could not do.
const mostNotes = 200

func (g *grouper) note(format string, args ...any) {
	if len(g.notes) < mostNotes {
		g.notes = append(g.notes, fmt.Sprintf(format, args...))
	}
}

// candidate is a folder that is a table, and its partitions.
type candidate struct {
	root   *folder
	shape  shape
	keys   []string  // of the levels below root; "" for folders without key=
	leaves []*folder // with the objects: root alone where there are no keys
}

// most is the part of the folders beside each other that must be alike to be
// partitions of one table.
const most = 0.7

// group finds the tables at and below f.
func (g *grouper) group(f *folder, level int) []candidate {
	if f.taken {
		return nil
	}
	if g.grouping.TableLevel > 0 && level == g.grouping.TableLevel {
		return g.forced(f)
	}
	var below []candidate
	branches := 0 // children with tables
	for _, c := range f.children {
		found := g.group(c, level+1)
		if len(found) > 0 {
			branches++
		}
		below = append(below, found...)
	}
	if f.known { // what is below it is beside tables that are there
		return below
	}
	if g.grouping.TableLevel == 0 || level > g.grouping.TableLevel {
		below = g.promote(f, below, branches)
	}
	if f.shape == nil {
		return below
	}
	return g.withOwn(f, below)
}

// withOwn adds the objects of f itself. Queries read folders with all below
// them, so beside tables of another kind they are no table.
func (g *grouper) withOwn(f *folder, below []candidate) []candidate {
	own := candidate{root: f, shape: *f.shape, leaves: []*folder{f}}
	for i := range below {
		if !g.combines(&own.shape, &below[i].shape) {
			g.note("objects of %s lie beside folders that are tables of other data: move them into a folder of their own", g.uri(f))
			return below
		}
		own.shape = merge(&own.shape, &below[i].shape)
	}
	if len(below) > 0 {
		g.note("%s holds objects and folders of the same data: it is one table without partitions", g.uri(f))
		own.leaves = nil
		f.each(func(x *folder) {
			if x.objects > 0 {
				own.leaves = append(own.leaves, x)
			}
		})
	}
	return []candidate{own}
}

func (g *grouper) uri(f *folder) string { return "s3://" + g.bucket + "/" + f.prefix }

// forced makes one table of all that lies below f.
func (g *grouper) forced(f *folder) []candidate {
	combining := *g
	combining.grouping = Grouping{CombineCompatible: true}
	found := combining.group(f, 0)
	g.notes = combining.notes
	if len(found) == 1 && found[0].root == f {
		return found
	}
	if len(found) == 1 { // a chain of folders
		return []candidate{lift(found[0], f)}
	}
	if len(found) > 1 {
		g.note("%s is to be a table, and the data below it is not of one format", g.uri(f))
	}
	return nil
}

// lift makes the folders between root and the candidate partitions too.
func lift(c candidate, root *folder) candidate {
	for c.root != root {
		c.keys = append([]string{keyOf(c.root.name)}, c.keys...)
		c.root = c.root.parent
	}
	return c
}

// promote makes the folders in f that are alike partitions of one table, if they
// are most of them. What is unlike them stays a table of its own.
func (g *grouper) promote(f *folder, below []candidate, branches int) []candidate {
	var clusters [][]int
	for i := range below {
		if below[i].root.parent != f {
			continue // its table lies deeper
		}
		placed := false
		for j, cluster := range clusters {
			if g.joins(&below[cluster[0]], &below[i]) {
				clusters[j] = append(cluster, i)
				placed = true
				break
			}
		}
		if !placed {
			clusters = append(clusters, []int{i})
		}
	}
	var best []int
	for _, c := range clusters {
		if len(c) > len(best) {
			best = c
		}
	}
	if len(best) == 0 || float64(len(best)) < most*float64(branches) {
		return below
	}
	if len(best) == 1 && !looksLikePartition(below[best[0]].root.name) {
		return below
	}
	return united(f, below, best)
}

func united(f *folder, below []candidate, members []int) []candidate {
	first := below[members[0]]
	table := candidate{root: f, shape: first.shape, keys: append([]string{keyOf(first.root.name)}, first.keys...)}
	member := make(map[int]bool, len(members))
	for _, i := range members {
		member[i] = true
		table.leaves = append(table.leaves, below[i].leaves...)
		if i != members[0] {
			table.shape = merge(&table.shape, &below[i].shape)
		}
	}
	out := []candidate{table}
	for i := range below {
		if !member[i] {
			out = append(out, below[i])
		}
	}
	return out
}

// joins says whether two folders beside each other are partitions of one table.
func (g *grouper) joins(a, b *candidate) bool {
	if keyOf(a.root.name) != keyOf(b.root.name) || len(a.keys) != len(b.keys) {
		return false
	}
	for i := range a.keys {
		if a.keys[i] != b.keys[i] {
			return false
		}
	}
	if !g.fits(&a.shape, &b.shape) {
		return false
	}
	// Folders that name one key are partitions, and JSON leaves out what is null.
	return g.grouping.CombineCompatible || similar(&a.shape, &b.shape) || keyOf(a.root.name) != "" && within(&a.shape, &b.shape)
}

// combines says whether files of both may be one table.
func (g *grouper) combines(a, b *shape) bool {
	return g.fits(a, b) && (g.grouping.CombineCompatible || similar(a, b))
}

// fits says whether files of both can be read as one table.
func (g *grouper) fits(a, b *shape) bool {
	reconcile(a, b)
	return compatible(a, b) && (a.assumed || b.assumed || a.compression == b.compression)
}

// keyOf is the partition key that a folder names, in lower case, or "".
func keyOf(name string) string {
	key, value, ok := strings.Cut(name, "=")
	if !ok || key == "" || value == "" {
		return ""
	}
	return strings.ToLower(catalog.UnescapePath(key))
}

// valueOf is the partition value that a folder names.
func valueOf(name string) string {
	if keyOf(name) == "" {
		return name
	}
	_, value, _ := strings.Cut(name, "=")
	return catalog.UnescapePath(value)
}

var dateLike = regexp.MustCompile(`^[0-9]{1,4}([-_]?[0-9]{2})*$`)

// looksLikePartition says whether a folder that stands alone is a partition all
// the same: year=2021, 2021, 02, 2021-02-03.
func looksLikePartition(name string) bool {
	return keyOf(name) != "" || dateLike.MatchString(name)
}
