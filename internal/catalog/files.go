package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
)

// loadOneByOne is up to how many partitions are worth a query each; beyond it
// all files of the table are read at once.
const loadOneByOne = 64

const selectFiles = "SELECT partition, bucket, key, size, row_count, level, committed_at FROM catalog_files"

// Files returns the committed files of a delivered table in the given
// partitions (nil for all), partition by partition in the order given (by
// values for nil) and in a partition by bucket and key. All are as of one
// moment.
func (s *Store) Files(ctx context.Context, database, table string, partitions [][]string) ([]DataFile, error) {
	var names []string
	if partitions != nil {
		names = make([]string, len(partitions))
		for i, v := range partitions {
			names[i] = valuesName(v)
		}
	}
	lists, err := s.fileLists(ctx, nameOf(database, table), names)
	return slices.Concat(lists...), err
}

func (s *Store) fileLists(ctx context.Context, n tableName, names []string) ([][]DataFile, error) {
	if err := s.fresh(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	e, err := s.entry(n)
	if err != nil {
		s.mu.RUnlock()
		return nil, err
	}
	e.used.Store(s.clock.Add(1))
	lists, ok := e.gather(names)
	s.mu.RUnlock()
	if ok {
		return lists, nil
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	return s.loadFiles(ctx, n, names)
}

// gather returns the files of the named partitions, nil for all, and whether
// all were in memory.
func (e *tableEntry) gather(names []string) ([][]DataFile, bool) {
	if names == nil {
		if !e.allFiles {
			return nil, false
		}
		names = slices.Sorted(maps.Keys(e.files))
	}
	out := make([][]DataFile, len(names))
	for i, name := range names {
		files, ok := e.files[name]
		if !ok && !e.allFiles {
			return nil, false
		}
		out[i] = files
	}
	return out, true
}

// loadFiles reads the files of the named partitions that are not in memory;
// the caller holds changing.
func (s *Store) loadFiles(ctx context.Context, n tableName, names []string) ([][]DataFile, error) {
	e, err := s.entry(n)
	if err != nil {
		return nil, err
	}
	missing := 0
	for _, name := range names {
		if _, ok := e.files[name]; !ok {
			missing++
		}
	}
	files := map[string][]DataFile{}
	all := names == nil || missing > loadOneByOne
	if all {
		err = s.readFiles(ctx, files, selectFiles+" WHERE table_id = ? ORDER BY partition, bucket, key", e.id)
	}
	for _, name := range names {
		if _, ok := e.files[name]; ok || all || err != nil {
			continue
		}
		files[name] = nil
		err = s.readFiles(ctx, files, selectFiles+" WHERE table_id = ? AND partition = ? ORDER BY bucket, key", e.id, name)
	}
	if err != nil {
		return nil, fmt.Errorf("files of %s: %w", n, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keepFiles(e, files, all)
	out, _ := e.gather(names)
	s.evict(e)
	return out, nil
}

// keepFiles puts loaded files in memory; the caller holds mu.
func (s *Store) keepFiles(e *tableEntry, files map[string][]DataFile, all bool) {
	if all {
		e.files, e.fileCount, e.allFiles = nil, 0, true
	}
	if e.files == nil {
		e.files = map[string][]DataFile{}
	}
	for name, list := range files {
		e.files[name] = list
		e.fileCount += len(list)
	}
}

func (s *Store) readFiles(ctx context.Context, into map[string][]DataFile, query string, args ...any) error {
	var partition, bucket string
	var values []string
	return s.query(ctx, query, func(rows *sql.Rows) error {
		var p, b string
		var f DataFile
		var committed int64
		if err := rows.Scan(&p, &b, &f.Key, &f.Size, &f.Rows, &f.Level, &committed); err != nil {
			return err
		}
		f.CommittedAt = fromNanos(committed)
		if values == nil || p != partition { // files of a partition share its values
			partition, values = p, []string{}
			if p != "" {
				values = namedValues(p)
			}
		}
		if b != bucket {
			bucket = b
		}
		f.Bucket, f.Partition = bucket, values
		into[p] = append(into[p], f)
		return nil
	}, args...)
}

// evict frees memory of the tables used longest ago, not of keep, until the
// cache is within its limit; the caller holds mu.
func (s *Store) evict(keep *tableEntry) {
	total := 0
	for _, e := range s.tables {
		total += e.weight()
	}
	for total > s.cacheLimit {
		var oldest *tableEntry
		for _, e := range s.tables {
			if e != keep && e.weight() > 0 && (oldest == nil || e.used.Load() < oldest.used.Load()) {
				oldest = e
			}
		}
		if oldest == nil {
			return // one table alone is over the limit: its user needs it
		}
		total -= oldest.weight()
		oldest.partitions, oldest.files, oldest.allFiles, oldest.fileCount = nil, nil, false, 0
		oldest.errorFiles, oldest.errorsLoaded = nil, false
	}
}

func (e *tableEntry) weight() int {
	w := e.fileCount + len(e.files) + len(e.errorFiles)
	if e.partitions != nil {
		w += len(e.partitions.List)
	}
	return w
}
