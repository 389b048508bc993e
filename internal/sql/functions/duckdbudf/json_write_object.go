package duckdbudf

import "slices"

// member is a member of an object, with the place of its text in what the
// writer wrote.
type member struct {
	key        string
	start, end int
}

// object writes an object as it is read; what must stand in another order is
// moved at the end.
func (w *writer) object(depth int) error {
	w.out = append(w.out, '{')
	begin := len(w.out)
	var all []member
	ascending := true
	err := w.members(func(key string) (bool, error) {
		if len(w.out) > begin {
			w.out = append(w.out, ',')
		}
		start := len(w.out)
		w.out = append(appendString(w.out, key), ':')
		if err := w.value(depth + 1); err != nil {
			return true, err
		}
		if w.order != asWritten {
			ascending = ascending && (len(all) == 0 || lessUTF16(all[len(all)-1].key, key))
			all = append(all, member{key, start, len(w.out)})
		}
		return false, nil
	})
	if err == nil && !ascending {
		w.reorder(begin, all)
	}
	w.out = append(w.out, '}')
	return err
}

// reorder writes the members anew. Names that ascend need no order.
func (w *writer) reorder(begin int, all []member) {
	place := make(map[string]int, len(all))
	kept := all[:0:0]
	for _, m := range all {
		if i, ok := place[m.key]; ok {
			kept[i] = m
			continue
		}
		place[m.key] = len(kept)
		kept = append(kept, m)
	}
	if w.order == sortedOrder {
		slices.SortFunc(kept, func(a, b member) int {
			if lessUTF16(a.key, b.key) {
				return -1
			}
			return 1
		})
	}
	text := slices.Clone(w.out[begin:])
	w.out = w.out[:begin]
	for i, m := range kept {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		w.out = append(w.out, text[m.start-begin:m.end-begin]...)
	}
}
