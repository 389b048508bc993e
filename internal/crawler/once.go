package crawler

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
)

// Once says what to crawl now.
type Once struct {
	Target
	Database      string
	TablePrefix   string
	Grouping      Grouping
	NewFolderOnly bool // look at folders alone that the last such run did not know
}

// onceRole stands for the role that Glue needs; here crawlers run as scops.
const onceRole = "scops"

// Crawl crawls a target and returns how that ended. It keeps a crawler named
// after the target, so that the next run finds what this one knew.
func (m *Manager) Crawl(ctx context.Context, o Once) (*Run, error) {
	c, err := o.crawler()
	if err != nil {
		return nil, err
	}
	err = m.Create(ctx, c)
	if errors.Is(err, ErrAlreadyExists) {
		err = m.Change(ctx, c.Name, func(old *Crawler) {
			c.Created, c.Version, c.Tags = old.Created, old.Version, old.Tags
			*old = c
		})
	}
	if err != nil {
		return nil, err
	}
	return m.Await(ctx, c.Name)
}

func (o *Once) crawler() (Crawler, error) {
	bucket, prefix, _, err := o.parse()
	if err != nil {
		return Crawler{}, fail(ErrInvalid, "%v", err)
	}
	c := Crawler{
		Name: strings.TrimSuffix("scops crawl "+o.Database+" s3://"+bucket+"/"+prefix, "/"), Role: onceRole,
		Database: o.Database, TablePrefix: o.TablePrefix, Targets: []Target{o.Target},
		UpdateBehavior: UpdateInDatabase, DeleteBehavior: DeleteDeprecate, Recrawl: CrawlEverything,
	}
	if o.NewFolderOnly {
		c.UpdateBehavior, c.DeleteBehavior, c.Recrawl = UpdateLog, DeleteLog, CrawlNewFoldersOnly
	}
	c.Configuration, err = o.Grouping.configuration()
	return c, err
}

// configuration is the grouping as a crawler's Configuration has it.
func (g Grouping) configuration() (string, error) {
	grouping := map[string]any{}
	if g.CombineCompatible {
		grouping["TableGroupingPolicy"] = "CombineCompatibleSchemas"
	}
	if g.TableLevel != 0 {
		grouping["TableLevelConfiguration"] = g.TableLevel
	}
	if len(grouping) == 0 {
		return "", nil
	}
	text, err := json.Marshal(map[string]any{"Version": 1.0, "Grouping": grouping})
	return string(text), err
}
