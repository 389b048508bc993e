package main

import (
	"encoding/json"
	"io"
	"time"

	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/compaction"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/httpapi"
)

// object is a row with its columns' names, in order.
type object []member

type member struct {
	name  string
	value any
}

// printObjects prints rows that have the columns of like.
func printObjects(w io.Writer, format string, like object, rows []object) error {
	printer, err := client.NewPrinter(chooseFormat(format), w)
	if err != nil {
		return err
	}
	columns := make([]httpapi.Column, len(like))
	for i, m := range like {
		columns[i].Name = m.name
	}
	if err := printer.Begin(columns); err != nil {
		return err
	}
	for _, row := range rows {
		values := make([]json.RawMessage, len(row))
		for i, m := range row {
			if values[i], err = json.Marshal(m.value); err != nil {
				return err
			}
		}
		if err := printer.Row(values); err != nil {
			return err
		}
	}
	return printer.End()
}

// booksOf is a delivery as one row.
func booksOf(s delivery.Status) object {
	return object{
		{"name", s.Name}, {"queue", s.Queue}, {"table", s.Database + "." + s.Table}, {"state", s.State},
		{"sent", s.Sent}, {"in_queue", s.InQueue}, {"in_flight", s.InFlight}, {"in_files", s.InFiles},
		{"rejected", s.Rejected}, {"filtered", s.Filtered}, {"duplicates", s.Duplicates}, {"elsewhere", s.Elsewhere},
		{"complete_up_to", timeOrNull(s.CompleteUpTo)}, {"reason", textOrNull(s.Reason)},
	}
}

// filesOf is how the files of a table stand, as one row.
func filesOf(s compaction.TableStatus) object {
	return object{
		{"table", s.Database + "." + s.Table}, {"partitions", s.Partitions}, {"most_files", s.MostFiles}, {"most_small_files", s.MostSmallFiles},
		{"unpublished", s.Unpublished}, {"merges", s.Merges}, {"files_merged", s.FilesMerged}, {"rows", s.Rows},
		{"bytes_in", s.BytesIn}, {"bytes_out", s.BytesOut}, {"seconds", s.Seconds}, {"row_amplification", s.RowAmplification},
		{"errors", s.Errors}, {"last_error", textOrNull(s.LastError)},
	}
}

// detailOf is what else a delivery has to show.
func detailOf(d delivery.Detail) object {
	return object{
		{"batches", d.Batches}, {"files", d.Files}, {"bytes_written", d.BytesWritten}, {"late", d.Late}, {"future", d.Future},
		{"unknown_fields", d.UnknownFields}, {"newest_delivered", timeOrNull(d.NewestDelivered)},
		{"paused_at", timeOrNull(d.PausedAt)}, {"last_error", textOrNull(d.LastError)}, {"last_error_at", timeOrNull(d.LastErrorAt)},
		{"created_at", timeOrNull(d.CreatedAt)}, {"updated_at", timeOrNull(d.UpdatedAt)}, {"definition", d.Definition},
	}
}

func timeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func textOrNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
