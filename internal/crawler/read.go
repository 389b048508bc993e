package crawler

import (
	"context"
	"fmt"
	"path"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/scopsdb/scops/internal/objects"
)

const (
	// mostSamples bounds how many objects a crawl reads where no SampleSize
	// says otherwise; of more folders than that, each so many is read.
	mostSamples = 2000
	// sampleBudget bounds the bytes that a crawl reads, over all objects.
	sampleBudget   = 256 << 20
	smallestSample = 16 << 10
	readParallel   = 8
)

// find reads samples of the folders of a tree and finds the tables in it.
func (g *grouper) find(ctx context.Context, root *folder, asked bool) ([]found, error) {
	if err := g.readFolders(ctx, root, asked); err != nil {
		return nil, err
	}
	return g.findRead(ctx, root)
}

// findRead finds the tables in a tree whose folders are read. Those that no sample
// speaks for are read then, too.
func (g *grouper) findRead(ctx context.Context, root *folder) ([]found, error) {
	for round := 0; ; round++ {
		before := g.notes[:len(g.notes):len(g.notes)]
		candidates := g.group(root, levelOf(root.prefix))
		unread := unreadOf(candidates)
		if len(unread) == 0 || round == mostRounds {
			return g.tables(candidates), nil
		}
		g.notes = before
		if err := g.read(ctx, unread); err != nil {
			return nil, err
		}
	}
}

// mostRounds bounds how often folders are read that nothing speaks for.
const mostRounds = 4

// unreadOf are folders of which nothing is known, one of each candidate.
func unreadOf(candidates []candidate) []*folder {
	var out []*folder
	for i := range candidates {
		if !candidates[i].shape.assumed || len(out) == mostSamples {
			continue
		}
		for _, f := range candidates[i].leaves {
			if f.unread {
				f.unread = false
				out = append(out, f)
				break
			}
		}
	}
	return out
}

// readFolders reads samples of all folders with objects and gives each its
// shape. Folders of which none is read get an assumed one.
func (g *grouper) readFolders(ctx context.Context, root *folder, asked bool) error {
	var folders []*folder
	total := 0
	root.each(func(f *folder) {
		if len(f.kept) > 0 {
			folders = append(folders, f)
			total += len(f.kept)
		}
	})
	most := g.most
	if most == 0 {
		most = mostSamples
	}
	if total > most && !asked {
		folders = thin(folders, most)
		total = len(folders)
	}
	g.sampler.bytes = min(max(sampleBudget/max(total, 1), smallestSample), largestSample)
	return g.read(ctx, folders)
}

// read reads the samples of folders and gives each its shape.
func (g *grouper) read(ctx context.Context, folders []*folder) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readParallel)
	shapes := make([][]shape, len(folders))
	for i, f := range folders {
		shapes[i] = make([]shape, len(f.kept))
		for j, o := range f.kept {
			group.Go(func() (err error) {
				shapes[i][j], err = g.sampler.shape(ctx, o)
				shapes[i][j].ending = endingOf(o.Key)
				return err
			})
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, f := range folders {
		f.shape = g.folderShape(f, shapes[i])
	}
	return nil
}

// thin keeps one object of each folder and returns the folders to read: every
// n-th where there are too many, with the first and the last one.
func thin(folders []*folder, most int) []*folder {
	step := (len(folders) + most - 1) / most
	var out []*folder
	for i, f := range folders {
		f.kept = f.kept[len(f.kept)-1:]
		if i%step == 0 || i == len(folders)-1 {
			out = append(out, f)
			continue
		}
		f.shape, f.unread = &shape{assumed: true, ending: endingOf(f.kept[0].Key)}, true
	}
	return out
}

func endingOf(key string) string {
	name := path.Base(key)
	if i := strings.IndexByte(name, '.'); i >= 0 {
		return strings.ToLower(name[i:])
	}
	return ""
}

// folderShape is the shape of the objects in one folder, and nil where queries
// could not read them as one table. A folder is the least that a table can be.
func (g *grouper) folderShape(f *folder, shapes []shape) *shape {
	var out *shape
	for i := range shapes {
		s := &shapes[i]
		if s.class == classUnknown {
			g.note("%s: %s", uri(f.kept[i]), s.why)
			continue
		}
		if out == nil {
			out = s
			continue
		}
		reconcile(out, s)
		if !compatible(out, s) {
			g.note("%s: its format is %s, unlike that of other objects in its folder (%s), and a table reads all of a folder: it needs a folder of its own", uri(f.kept[i]), describe(s), describe(out))
			return nil
		}
		merged := merge(out, s)
		out = &merged
	}
	return out
}

func uri(o objects.Info) string { return "s3://" + o.Bucket + "/" + o.Key }

func describe(s *shape) string {
	if s.class != classCSV {
		return s.class
	}
	names := make([]string, len(s.columns))
	for i, c := range s.columns {
		names[i] = c.Name
	}
	header := "without a header"
	if s.csv.header {
		header = "with a header"
	}
	return fmt.Sprintf("%s delimited by %q %s: %s", s.class, s.csv.delimiter, header, strings.Join(names, ", "))
}
