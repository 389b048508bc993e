package functions

import "github.com/scopsdb/scops/internal/sql/types"

// jsonCasts: JSON is carried as its text, normalised.
func jsonCasts() map[[2]types.Kind]castRule {
	return map[[2]types.Kind]castRule{}
}
