package duckdbudf

import "database/sql/driver"

// firsts are the positions, from 1, of each text where it comes first.
func firsts(args []driver.Value) (any, error) {
	seen := map[string]bool{}
	out := []int64{}
	for i, s := range elements[string](args[0]) {
		if !seen[s] {
			seen[s] = true
			out = append(out, int64(i+1))
		}
	}
	return out, nil
}

// groups are for each distinct text, in the order of their first places, all its
// positions from 1.
func groups(args []driver.Value) (any, error) {
	place := map[string]int{}
	out := [][]int64{}
	for i, s := range elements[string](args[0]) {
		g, ok := place[s]
		if !ok {
			g = len(out)
			place[s] = g
			out = append(out, nil)
		}
		out[g] = append(out[g], int64(i+1))
	}
	return out, nil
}

// groupBounds are for each distinct text the first and the last position, from
// 1, that its group has where the groups stand one after the other.
func groupBounds(args []driver.Value) (any, error) {
	all, _ := groups(args)
	out := [][]int64{}
	end := int64(0)
	for _, g := range all.([][]int64) {
		out = append(out, []int64{end + 1, end + int64(len(g))})
		end += int64(len(g))
	}
	return out, nil
}
