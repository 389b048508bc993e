package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/compaction"
	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/delivery"
	"github.com/spf13/cobra"
)

// openCompaction begins to merge what deliveries write.
func (a *app) openCompaction(ctx context.Context, cfg *config.Config) (err error) {
	a.compact, err = compaction.Open(ctx, compaction.Options{
		Catalog: a.catalog, Objects: a.objects, DB: a.db, TempDir: a.tempDir(), Log: a.log,
		Table: func(delivery string) compaction.Table {
			size, sortBy := a.deliver.Files(delivery)
			return compaction.Table{TargetFileSize: size, SortBy: sortBy}
		},
		Busy:   (&lag{deliveries: a.deliver}).isLarge,
		Borrow: a.deliver.Borrow,
	}, compactionConfig(cfg.Compaction))
	if err != nil {
		return err
	}
	a.metrics.Add(a.compact.Collector())
	a.onClose(a.compact.Close)
	a.compact.Start()
	return nil
}

func compactionConfig(c config.Compaction) compaction.Config {
	out := compaction.Config{Disabled: c.Enabled != nil && !*c.Enabled}
	if c.TargetFileSize != nil {
		out.TargetFileSize = int64(*c.TargetFileSize)
	}
	if c.QuietAfter != nil {
		out.QuietAfter = time.Duration(*c.QuietAfter)
	}
	if c.Grace != nil {
		grace := time.Duration(*c.Grace)
		out.Grace = &grace
	}
	if c.MaxBytesPerSecond != nil {
		out.MaxBytesPerSecond = int64(*c.MaxBytesPerSecond)
	}
	return out
}

// lag tells when deliveries fall behind. It looks at most once a second.
type lag struct {
	deliveries *delivery.Manager

	mu     sync.Mutex
	looked time.Time
	large  bool
}

// mostLag is how old the newest complete moment of a delivery with events in its
// queue may be.
const mostLag = 10 * time.Second

func (l *lag) isLarge() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if now.Sub(l.looked) < time.Second {
		return l.large
	}
	l.looked, l.large = now, false
	list, err := l.deliveries.Status(context.Background())
	if err != nil {
		return false // it says so itself
	}
	for _, s := range list {
		l.large = l.large || s.State == delivery.Running && s.InQueue > 0 && now.Sub(s.CompleteUpTo) > mostLag
	}
	return l.large
}

func compactCommand() *cobra.Command {
	r := &remote{}
	return r.command("compact [TABLE]", "Merge the small files of a delivered table (database.table), or of all, now",
		cobra.MaximumNArgs(1), func(cmd *cobra.Command, c *client.Client, args []string) error {
			table := ""
			if len(args) > 0 {
				table = args[0]
				if !strings.Contains(table, ".") {
					return fmt.Errorf("%q is not of the form database.table", table)
				}
			}
			list, err := c.Compact(cmd.Context(), table)
			if err != nil {
				return err
			}
			var rows []object
			for _, s := range list {
				rows = append(rows, filesOf(s))
			}
			return printObjects(cmd.OutOrStdout(), r.format, filesOf(compaction.TableStatus{}), rows)
		})
}
