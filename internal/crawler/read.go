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
	if total > mostSamples && !asked {
		total = thin(folders)
	}
	g.sampler.bytes = min(max(sampleBudget/max(total, 1), smallestSample), largestSample)
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

// thin keeps one object of each folder, or of every n-th where there are too
// many folders; the first and the last folder are read.
func thin(folders []*folder) int {
	step := (len(folders) + mostSamples - 1) / mostSamples
	left := 0
	for i, f := range folders {
		if i%step == 0 || i == len(folders)-1 {
			f.kept = f.kept[len(f.kept)-1:]
			left++
			continue
		}
		f.shape = &shape{assumed: true, ending: endingOf(f.kept[0].Key)}
		f.kept = nil
	}
	return left
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
	if f.shape != nil && f.shape.assumed {
		return f.shape
	}
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
