package iceberg

import (
	"strconv"

	ice "github.com/apache/iceberg-go"
)

// summary counts what a snapshot adds and removes.
type summary struct {
	added, removed counts
	partitions     map[string]bool
}

type counts struct{ dataFiles, deleteFiles, positionFiles, equalityFiles, records, positions, equalities, bytes int64 }

func (c *counts) count(f ice.DataFile) {
	c.bytes += f.FileSizeBytes()
	switch f.ContentType() {
	case ice.EntryContentData:
		c.dataFiles++
		c.records += f.Count()
	case ice.EntryContentPosDeletes:
		c.deleteFiles++
		c.positionFiles++
		c.positions += f.Count()
	case ice.EntryContentEqDeletes:
		c.deleteFiles++
		c.equalityFiles++
		c.equalities += f.Count()
	}
}

func (s *summary) add(f ice.DataFile)    { s.added.count(f); s.touch(f) }
func (s *summary) remove(f ice.DataFile) { s.removed.count(f); s.touch(f) }

func (s *summary) touch(f ice.DataFile) {
	if s.partitions == nil {
		s.partitions = map[string]bool{}
	}
	s.partitions[partitionText(f)] = true
}

// properties are those of Iceberg's snapshot summary: what changed, and the
// totals from those of the snapshot before (nil for none).
func (s *summary) properties(previous map[string]string) map[string]string {
	p := map[string]string{"changed-partition-count": strconv.Itoa(len(s.partitions))}
	for _, c := range []struct {
		added, removed, total string
		plus, minus           int64
	}{
		{"added-data-files", "deleted-data-files", "total-data-files", s.added.dataFiles, s.removed.dataFiles},
		{"added-delete-files", "removed-delete-files", "total-delete-files", s.added.deleteFiles, s.removed.deleteFiles},
		{"added-position-delete-files", "removed-position-delete-files", "", s.added.positionFiles, s.removed.positionFiles},
		{"added-equality-delete-files", "removed-equality-delete-files", "", s.added.equalityFiles, s.removed.equalityFiles},
		{"added-records", "deleted-records", "total-records", s.added.records, s.removed.records},
		{"added-position-deletes", "removed-position-deletes", "total-position-deletes", s.added.positions, s.removed.positions},
		{"added-equality-deletes", "removed-equality-deletes", "total-equality-deletes", s.added.equalities, s.removed.equalities},
		{"added-files-size", "removed-files-size", "total-files-size", s.added.bytes, s.removed.bytes},
	} {
		if c.plus > 0 {
			p[c.added] = strconv.FormatInt(c.plus, 10)
		}
		if c.minus > 0 {
			p[c.removed] = strconv.FormatInt(c.minus, 10)
		}
		if c.total == "" {
			continue
		}
		before := int64(0)
		if previous != nil {
			text, ok := previous[c.total]
			n, err := strconv.ParseInt(text, 10, 64)
			if !ok || err != nil {
				continue // a writer before did not say
			}
			before = n
		}
		if total := before + c.plus - c.minus; total >= 0 {
			p[c.total] = strconv.FormatInt(total, 10)
		}
	}
	return p
}
