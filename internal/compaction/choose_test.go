package compaction

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/catalog"
)

var day = time.Date(2021, 2, 3, 0, 0, 0, 0, time.UTC)

// simulation is a partition without objects: files come and are merged in no
// time.
type simulation struct {
	policy
	files  []catalog.DataFile
	most   int
	merges int
	rows   int64 // written by merges
	n      int
}

func (s *simulation) add(size int64, at time.Time) {
	s.n++
	s.files = append(s.files, catalog.DataFile{Key: fmt.Sprintf("%09d", s.n), Size: size, Rows: size, CommittedAt: at})
	s.count()
}

func (s *simulation) count() { s.most = max(s.most, s.small()) }

func (s *simulation) small() int {
	n := 0
	for _, f := range s.files {
		if s.isSmall(f) {
			n++
		}
	}
	return n
}

// settle merges until there is nothing to merge.
func (s *simulation) settle(t *testing.T, now time.Time) {
	for {
		c, _ := s.choose(s.files, now)
		if len(c.files) < 2 {
			return
		}
		gone := map[string]bool{}
		var out catalog.DataFile
		for _, f := range c.files {
			require.True(t, s.isSmall(f), "files of the target size are left alone")
			require.Less(t, f.Level, c.level)
			gone[f.Key] = true
			out.Rows += f.Rows
			out.CommittedAt = f.CommittedAt
		}
		s.rows += out.Rows
		s.merges++
		n := s.outputs(c)
		kept := s.files[:0]
		for _, f := range s.files {
			if !gone[f.Key] {
				kept = append(kept, f)
			}
		}
		s.files = kept
		for range n {
			s.n++
			s.files = append(s.files, catalog.DataFile{Key: fmt.Sprintf("%09d", s.n), Size: out.Rows / n, Rows: out.Rows / n, Level: c.level, CommittedAt: out.CommittedAt})
		}
		s.count()
	}
}

func (s *simulation) levels() int {
	most := 0
	for _, f := range s.files {
		most = max(most, f.Level)
	}
	return most
}

// TestADay lets a day of deliveries into one partition: a file a second, or as
// many as deliveries pace themselves to.
func TestADay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		every  time.Duration
		size   int64
		writes int // of a row, at most
	}{
		{"paced", 86 * time.Second, 10_000, 3},
		{"paced, large", 86 * time.Second, 2_000_000, 3},
		{"paced, larger than the target", 86 * time.Second, 200_000_000, 1},
		{"every second, small", time.Second, 1_000, 7},
		{"every ten seconds, large", 10 * time.Second, 10_000_000, 4},
	} {
		s := &simulation{policy: policy{target: DefaultTargetFileSize, tier: tier, quiet: DefaultQuietAfter}}
		var total int64
		for at := day; at.Before(day.Add(24 * time.Hour)); at = at.Add(c.every) {
			s.add(c.size, at)
			total += c.size
			s.settle(t, at)
		}
		require.LessOrEqual(t, s.most, 32, c.name)
		s.settle(t, day.Add(24*time.Hour+DefaultQuietAfter))
		require.LessOrEqual(t, s.most, 32, c.name)
		require.LessOrEqual(t, s.small(), quietSmall, c.name)
		require.LessOrEqual(t, s.levels()+1, c.writes, "%s: every row is written at most so often", c.name)
		var rows int64
		for _, f := range s.files {
			rows += f.Rows
		}
		require.InDelta(t, float64(total), float64(rows), float64(len(s.files)), c.name)
		t.Logf("%s: at most %d small files, %d files at the end, %d merges, rows written %.2f times", c.name, s.most, len(s.files), s.merges, float64(total+s.rows)/float64(total))
	}
}

// TestAfterABacklog merges what lies there when compaction begins.
func TestAfterABacklog(t *testing.T) {
	t.Parallel()
	s := &simulation{policy: policy{target: DefaultTargetFileSize, tier: tier, quiet: DefaultQuietAfter}}
	for i := range 10_000 {
		s.add(1000, day.Add(time.Duration(i)*time.Second))
	}
	s.settle(t, day.Add(10_000*time.Second))
	require.Less(t, s.small(), mostSmall)
	require.LessOrEqual(t, s.merges, 80, "many files at once")
}

// TestATrickle adds a file at a time to a quiet partition.
func TestATrickle(t *testing.T) {
	s := &simulation{policy: policy{target: DefaultTargetFileSize, tier: tier, quiet: DefaultQuietAfter}}
	for i := range 1000 {
		at := day.Add(time.Duration(i) * time.Hour)
		s.add(1000, at)
		s.settle(t, at.Add(DefaultQuietAfter))
		require.LessOrEqual(t, s.small(), quietSmall)
	}
	require.Less(t, float64(s.rows)/1e6, 12.0, "rows are not written over and over")
}

func TestChoose(t *testing.T) {
	p := policy{target: 100, tier: tier, quiet: time.Minute}
	files := func(level, n int, size int64) []catalog.DataFile {
		var out []catalog.DataFile
		for i := range n {
			out = append(out, catalog.DataFile{Key: fmt.Sprint(level, "-", i), Level: level, Size: size, Rows: 1, CommittedAt: day.Add(time.Duration(i) * time.Second)})
		}
		return out
	}
	join := func(lists ...[]catalog.DataFile) (all []catalog.DataFile) {
		for _, l := range lists {
			all = append(all, l...)
		}
		return all
	}
	for _, c := range []struct {
		name  string
		files []catalog.DataFile
		after time.Duration // since day
		n     int
		level int
		again time.Time
	}{
		{"few", files(0, 8, 1), time.Hour, 0, 0, time.Time{}},
		{"not quiet yet", files(0, 11, 1), time.Minute, 0, 0, day.Add(70 * time.Second)},
		{"a tier", files(0, 12, 1), 0, 12, 1, time.Time{}},
		{"more than a tier", files(0, 20, 1), 0, 20, 1, time.Time{}},
		{"the second tier", join(files(0, 5, 1), files(1, 12, 2)), 0, 12, 2, time.Time{}},
		{"enough for one of the target size", files(0, 3, 45), 0, 3, 1, time.Time{}},
		{"large ones are left alone", files(0, 40, 50), time.Hour, 0, 0, time.Time{}},
		{"quiet", files(0, 9, 1), 2 * time.Minute, 9, 1, time.Time{}},
		{"quiet, two levels", join(files(0, 5, 1), files(1, 5, 1), files(2, 7, 1)), 2 * time.Minute, 10, 2, time.Time{}},
		{"quiet, the lowest level is enough", join(files(0, 3, 1), files(2, 7, 1)), 2 * time.Minute, 3, 1, time.Time{}},
		{"too many", join(files(0, 9, 1), files(1, 9, 1), files(2, 10, 1)), 0, 10, 3, time.Time{}},
	} {
		got, again := p.choose(c.files, day.Add(c.after))
		require.Len(t, got.files, c.n, c.name)
		require.Equal(t, c.again, again, c.name)
		if c.n > 0 {
			require.Equal(t, c.level, got.level, c.name)
		}
	}
	c, _ := p.choose(files(0, 500, 30), day)
	require.EqualValues(t, 26, len(c.files), "a merge is bounded")
	require.EqualValues(t, 8, p.outputs(c))
}
