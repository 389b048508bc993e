package main

import (
	"context"
	"fmt"
	"time"

	"github.com/scopsdb/scops/internal/client"
	"github.com/scopsdb/scops/internal/config"
	"github.com/scopsdb/scops/internal/crawler"
	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/spf13/cobra"
)

func (a *app) openCrawlers(ctx context.Context, _ *config.Config) (err error) {
	a.crawlers, err = crawler.Open(ctx, crawler.Options{DB: a.db, Catalog: a.catalog, Objects: a.objects, Log: a.log, Now: time.Now})
	if err != nil {
		return err
	}
	a.onClose(a.crawlers.Close)
	a.local.OnWrite(a.crawlers.Written)
	a.crawlers.Start()
	return nil
}

func crawlCommand() *cobra.Command {
	r := &remote{}
	var in httpapi.CrawlRequest
	cmd := r.command("crawl s3://BUCKET/PREFIX/", "Find the tables and partitions under a prefix and put them into the catalog",
		cobra.ExactArgs(1), func(cmd *cobra.Command, c *client.Client, args []string) error {
			in.Path = args[0]
			out, err := c.Crawl(cmd.Context(), in)
			if err != nil {
				return err
			}
			return printCrawl(cmd, r.format, &out)
		})
	f := cmd.Flags()
	f.StringVar(&in.Database, "database", "default", "database of the tables, made where it is missing")
	f.StringVar(&in.Prefix, "prefix", "", "beginning of the names of new tables")
	f.StringArrayVar(&in.Exclude, "exclude", nil, "glob pattern of objects to leave out, relative to the prefix")
	f.IntVar(&in.SampleSize, "sample-size", 0, "objects to read in each folder (default: as many as a bound on all of them lets)")
	f.BoolVar(&in.Combine, "combine", false, "make one table of folders of one format, however different their columns are")
	f.IntVar(&in.TableLevel, "table-level", 0, "how deep the folders of tables are; the bucket is level 1")
	f.BoolVar(&in.NewFoldersOnly, "new-folders-only", false, "look only at folders that no such crawl has seen")
	return cmd
}

// printCrawl prints a row for each table, and notes and counts beside them.
func printCrawl(cmd *cobra.Command, format string, out *httpapi.CrawlAnswer) error {
	var rows []object
	for _, t := range out.Changes.Found {
		rows = append(rows, foundRow(t))
	}
	if err := printObjects(cmd.OutOrStdout(), format, foundRow(crawler.FoundTable{}), rows); err != nil {
		return err
	}
	c := &out.Changes
	for _, n := range c.Notes {
		fmt.Fprintln(cmd.ErrOrStderr(), "note:", n)
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "tables: %d added, %d updated, %d deleted or deprecated; partitions: %d added, %d deleted; listed %d objects in %d calls\n",
		len(c.TablesAdded), len(c.TablesUpdated), len(c.TablesDeleted), c.PartitionsAdded, c.PartitionsDeleted, out.Listed.Objects, out.Listed.Calls)
	if out.State != crawler.RunCompleted {
		return fmt.Errorf("the crawl ended as %s: %s", out.State, out.Error)
	}
	return nil
}

func foundRow(t crawler.FoundTable) object {
	return object{
		{"table", t.Table}, {"change", t.Change}, {"format", t.Classification}, {"compression", t.Compression}, {"columns", t.Columns},
		{"partition_keys", t.PartitionKeys}, {"partitions", t.Partitions}, {"partitions_added", t.PartitionsAdded}, {"location", t.Location},
	}
}
