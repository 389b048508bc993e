package planner

import (
	"slices"

	"github.com/scopsdb/scops/internal/catalog"
)

// hideUncommitted takes the objects of statements that were not committed in
// the moment of the view out of a scan of listed files.
func (s *Scan) hideUncommitted(view *catalog.WriteView) {
	if !view.Any() {
		return
	}
	hidden := func(f File) bool { return view.Hides(f.URI) }
	if slices.ContainsFunc(s.Files, hidden) {
		s.Files = slices.DeleteFunc(slices.Clone(s.Files), hidden)
	}
}
