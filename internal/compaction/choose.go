package compaction

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
)

const (
	// tier is how many files of a level are merged to one of the next. A row is
	// written by its delivery, in the first level and in the second: three times
	// for as long as a partition gets about a thousand files a day.
	tier = 12
	// tiered are the levels that are merged as soon as they are full: files of
	// higher ones only where there are too many.
	tiered = 2
	// mostSmall is the number of small files at which some are merged though no
	// level is full. Few enough arrive during a merge to stay below 32.
	mostSmall = 28
	// quietSmall is how many small files a quiet partition may keep.
	quietSmall = 8
	// mostInputs and mostBytes bound one merge: open files, and in multiples of
	// the target size the bytes.
	mostInputs = 144
	mostBytes  = 8
)

// policy is what choosing depends on beside the files.
type policy struct {
	target int64 // bytes of a file
	tier   int   // see tier
	quiet  time.Duration
}

// isSmall says whether a file is to be merged at all. Half of the target is
// enough: merged files do not come out exactly.
func (p policy) isSmall(f catalog.DataFile) bool { return f.Size < p.target/2 }

// choice is files of a partition to be merged, oldest first.
type choice struct {
	files []catalog.DataFile
	level int // of the merged ones
	small int // how many small files the partition has: the more, the sooner
}

// choose picks what to merge of a partition's files. Where there is nothing now,
// it says when to look again though no file comes; zero for never.
func (p policy) choose(files []catalog.DataFile, now time.Time) (c choice, again time.Time) {
	var small []catalog.DataFile
	var newest time.Time
	for _, f := range files {
		if f.CommittedAt.After(newest) {
			newest = f.CommittedAt
		}
		if p.isSmall(f) {
			small = append(small, f)
		}
	}
	levels := byLevel(small)
	c.small = len(small)
	if level, ok := p.fullLevel(levels); ok {
		return p.take(c, levels[level], level+1), time.Time{}
	}
	if len(small) <= quietSmall {
		return c, time.Time{}
	}
	if len(small) >= mostSmall {
		if level := longest(levels); len(levels[level]) > 1 {
			return p.take(c, levels[level], level+1), time.Time{}
		}
	}
	quiet := newest.Add(p.quiet)
	if now.Before(quiet) {
		return c, quiet
	}
	return p.settle(c, levels), time.Time{}
}

func byLevel(files []catalog.DataFile) [][]catalog.DataFile {
	var levels [][]catalog.DataFile
	for _, f := range files {
		for len(levels) <= f.Level {
			levels = append(levels, nil)
		}
		levels[f.Level] = append(levels[f.Level], f)
	}
	return levels
}

// fullLevel finds a level that has a tier of files, or files for one of target
// size: the one with the most.
func (p policy) fullLevel(levels [][]catalog.DataFile) (int, bool) {
	best, found := 0, false
	for level, files := range levels[:min(tiered, len(levels))] {
		full := len(files) >= p.tier || len(files) > 1 && bytesOf(files) >= p.target
		if full && (!found || len(files) > len(levels[best])) {
			best, found = level, true
		}
	}
	return best, found
}

func longest(levels [][]catalog.DataFile) int {
	best := 0
	for level, files := range levels {
		if len(files) > len(levels[best]) {
			best = level
		}
	}
	return best
}

// settle merges the lowest levels of a quiet partition, as few of them as leave
// few files.
func (p policy) settle(c choice, levels [][]catalog.DataFile) choice {
	var files []catalog.DataFile
	for level := range levels {
		files = append(files, levels[level]...)
		if c.small-len(files)+1 <= quietSmall {
			return p.take(c, files, level+1)
		}
	}
	return c
}

// take takes the oldest files, as many as a merge may have.
func (p policy) take(c choice, files []catalog.DataFile, level int) choice {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b catalog.DataFile) int {
		if d := a.CommittedAt.Compare(b.CommittedAt); d != 0 {
			return d
		}
		return cmp.Or(cmp.Compare(a.Level, b.Level), strings.Compare(a.Key, b.Key))
	})
	n, bytes := 0, int64(0)
	for n < len(files) && n < mostInputs && (n < 2 || bytes+files[n].Size <= mostBytes*p.target) {
		bytes += files[n].Size
		n++
	}
	c.files, c.level = files[:n], level
	return c
}

// outputs is how many files the chosen ones become.
func (p policy) outputs(c choice) int64 {
	var rows int64
	for _, f := range c.files {
		rows += f.Rows
	}
	n := (bytesOf(c.files) + p.target/2) / p.target
	return max(1, min(n, rows))
}

func bytesOf(files []catalog.DataFile) int64 {
	var n int64
	for _, f := range files {
		n += f.Size
	}
	return n
}
