package planner

import (
	"context"

	ice "github.com/apache/iceberg-go"

	"github.com/scopsdb/scops/internal/iceberg"
	"github.com/scopsdb/scops/internal/objects"
	"github.com/scopsdb/scops/internal/sql/analyzer"
	"github.com/scopsdb/scops/internal/sql/predicate"
)

// Iceberg is what reading the files of an Iceberg table needs besides them.
type Iceberg struct {
	*iceberg.Reading
	View    *iceberg.View
	Deletes []DeleteFile // File.Deletes points into it
}

// DeleteFile says which rows of data files are gone.
type DeleteFile struct {
	File
	FieldIDs []int // of an equality delete: the columns that it compares; nil: positions
}

// planIceberg plans an Iceberg table as of the version that the query was
// analyzed with: its files are those of the snapshot.
func (p *Planner) planIceberg(ctx context.Context, scan *analyzer.TableScan) (Scan, error) {
	out := Scan{Table: scan.Table}
	view, err := p.view(ctx, scan)
	if err != nil {
		return out, err
	}
	reading, err := view.Reading()
	if err != nil {
		return out, err
	}
	out.Iceberg = &Iceberg{Reading: reading, View: view}
	domains, some := predicate.Domains(scan.Filter)
	if !some || !mayHold(scan.Filter) {
		return out, nil
	}
	plan, err := p.iceberg.Plan(ctx, view, domains)
	if err != nil {
		return out, err
	}
	for _, d := range plan.Data {
		f, err := p.icebergFile(d.Entry)
		if err != nil {
			return out, err
		}
		f.Deletes, f.Fixed = d.Deletes, view.Fixed(d.Entry)
		out.Files = append(out.Files, f)
	}
	for _, d := range plan.Deletes {
		f, err := p.icebergFile(d.Entry)
		if err != nil {
			return out, err
		}
		out.Iceberg.Deletes = append(out.Iceberg.Deletes, DeleteFile{File: f, FieldIDs: d.FieldIDs})
	}
	return out, nil
}

// view is what the analyzer saw of the table, or the table as it is now.
func (p *Planner) view(ctx context.Context, scan *analyzer.TableScan) (*iceberg.View, error) {
	if v, ok := scan.Version.(*iceberg.View); ok {
		return v, nil
	}
	t, err := p.iceberg.Load(ctx, scan.Table)
	if err != nil {
		return nil, err
	}
	return t.Current(), nil
}

func (p *Planner) icebergFile(f ice.DataFile) (File, error) {
	bucket, key, err := objects.SplitURI(f.FilePath())
	if err != nil {
		return File{}, fail(errInvalidMetadata, err, "%v", err)
	}
	out := File{URI: f.FilePath(), Size: f.FileSizeBytes()}
	var local bool
	if out.Path, local = p.objects.LocalPath(bucket, key); !local {
		info, err := p.objects.Head(context.Background(), bucket, key)
		if err != nil {
			return out, fail(errFilesystem, err, "Failed to read %s: %v", f.FilePath(), err)
		}
		out.Remote = &info
	}
	return out, nil
}

// Iceberg are the Iceberg tables that the planner plans.
func (p *Planner) Iceberg() *iceberg.Tables { return p.iceberg }
