package dedup

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/cockroachdb/pebble/v2"
)

// DropOthers forgets the keys of all scopes but the given ones: of deliveries
// that are gone, and of keys and windows that were changed.
func (s *Store) DropOthers(keep []*Scope) error {
	if _, err := os.Stat(s.dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	db, err := s.open()
	if err != nil {
		return err
	}
	kept := map[[8]byte]bool{}
	for _, c := range keep {
		kept[c.prefix] = true
	}
	it, err := db.NewIter(nil)
	if err != nil {
		return err
	}
	for ok := it.First(); ok && err == nil; {
		prefix := [8]byte(it.Key())
		end := after(prefix)
		if !kept[prefix] {
			err = drop(db, prefix[:], end)
		}
		if end == nil {
			break
		}
		ok = it.SeekGE(end)
	}
	return errors.Join(err, it.Error(), it.Close())
}

// drop deletes from a key up to an end; nil is the end of all keys.
func drop(db *pebble.DB, from, end []byte) error {
	if end == nil {
		end = bytes.Repeat([]byte{0xFF}, keyLength+1)
	}
	if err := db.DeleteRange(from, end, pebble.NoSync); err != nil {
		return fmt.Errorf("keys of delivered events: %w", err)
	}
	return nil
}
