package glue

import (
	"context"
	"errors"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/scopsdb/scops/internal/crawler"
)

const (
	maxCrawlersPage = 1000
	defaultCrawls   = 20
	maxBatchOfNames = 100
)

// GetCrawler returns one crawler.
func (s *Crawlers) GetCrawler(ctx context.Context, in *glue.GetCrawlerInput) (*glue.GetCrawlerOutput, error) {
	status, err := s.manager.Get(ctx, aws.ToString(in.Name))
	if err != nil {
		return nil, crawlerError(err)
	}
	shape := crawlerShape(&status)
	return &glue.GetCrawlerOutput{Crawler: &shape}, nil
}

// GetCrawlers returns all crawlers, page by page.
func (s *Crawlers) GetCrawlers(ctx context.Context, in *glue.GetCrawlersInput) (*glue.GetCrawlersOutput, error) {
	list, next, err := s.crawlers(ctx, in.NextToken, in.MaxResults, nil)
	if err != nil {
		return nil, err
	}
	out := &glue.GetCrawlersOutput{Crawlers: make([]types.Crawler, len(list)), NextToken: next}
	for i := range list {
		out.Crawlers[i] = crawlerShape(&list[i])
	}
	return out, nil
}

// ListCrawlers returns the names of crawlers, of those with the tags alone where
// there are some.
func (s *Crawlers) ListCrawlers(ctx context.Context, in *glue.ListCrawlersInput) (*glue.ListCrawlersOutput, error) {
	list, next, err := s.crawlers(ctx, in.NextToken, in.MaxResults, in.Tags)
	if err != nil {
		return nil, err
	}
	out := &glue.ListCrawlersOutput{CrawlerNames: make([]string, len(list)), NextToken: next}
	for i := range list {
		out.CrawlerNames[i] = list[i].Name
	}
	return out, nil
}

func (s *Crawlers) crawlers(ctx context.Context, next *string, size *int32, tags map[string]string) ([]crawler.Status, *string, error) {
	all, err := s.manager.Crawlers(ctx)
	if err != nil {
		return nil, nil, err
	}
	list := all[:0]
	for _, c := range all {
		if hasTags(c.Tags, tags) {
			list = append(list, c)
		}
	}
	return pageAfter(list, maxCrawlersPage, next, size, func(c crawler.Status) string { return c.Name })
}

func hasTags(tags, asked map[string]string) bool {
	for k, v := range asked {
		if got, ok := tags[k]; !ok || got != v {
			return false
		}
	}
	return true
}

// pageAfter cuts a page of items, which begins after the item whose key is in
// the token.
func pageAfter[T any](items []T, byDefault int, next *string, asked *int32, key func(T) string) ([]T, *string, error) {
	size := byDefault
	if asked != nil {
		var err error
		if size, err = pageSize(asked, maxCrawlersPage); err != nil {
			return nil, nil, err
		}
	}
	after, err := fromToken(next)
	if err != nil {
		return nil, nil, err
	}
	if after != nil {
		for i, item := range items {
			if key(item) == after[0] {
				items = items[i+1:]
				break
			}
		}
	}
	if len(items) <= size {
		return items, nil, nil
	}
	return items[:size], token(key(items[size-1])), nil
}

// BatchGetCrawlers returns those of the crawlers that exist.
func (s *Crawlers) BatchGetCrawlers(ctx context.Context, in *glue.BatchGetCrawlersInput) (*glue.BatchGetCrawlersOutput, error) {
	if len(in.CrawlerNames) == 0 || len(in.CrawlerNames) > maxBatchOfNames {
		return nil, invalid("CrawlerNames must have 1 to %d names", maxBatchOfNames)
	}
	out := &glue.BatchGetCrawlersOutput{Crawlers: []types.Crawler{}, CrawlersNotFound: []string{}}
	for _, name := range in.CrawlerNames {
		status, err := s.manager.Get(ctx, name)
		switch {
		case errors.Is(err, crawler.ErrNotFound):
			out.CrawlersNotFound = append(out.CrawlersNotFound, name)
		case err != nil:
			return nil, err
		default:
			out.Crawlers = append(out.Crawlers, crawlerShape(&status))
		}
	}
	return out, nil
}

// GetCrawlerMetrics returns how long runs took and what they did.
func (s *Crawlers) GetCrawlerMetrics(ctx context.Context, in *glue.GetCrawlerMetricsInput) (*glue.GetCrawlerMetricsOutput, error) {
	if len(in.CrawlerNameList) > maxBatchOfNames {
		return nil, invalid("CrawlerNameList has more than %d names", maxBatchOfNames)
	}
	all, err := s.manager.Crawlers(ctx)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, name := range in.CrawlerNameList {
		wanted[name] = true
	}
	list := all[:0]
	for _, c := range all {
		if len(wanted) == 0 || wanted[c.Name] {
			list = append(list, c)
			delete(wanted, c.Name)
			if len(wanted) == 0 && len(in.CrawlerNameList) > 0 {
				break
			}
		}
	}
	for name := range maps.Keys(wanted) {
		return nil, crawlerError(&crawler.Error{Kind: crawler.ErrNotFound, Message: "Crawler entry with name " + name + " does not exist"})
	}
	page, next, err := pageAfter(list, maxCrawlersPage, in.NextToken, in.MaxResults, func(c crawler.Status) string { return c.Name })
	if err != nil {
		return nil, err
	}
	out := &glue.GetCrawlerMetricsOutput{CrawlerMetricsList: make([]types.CrawlerMetrics, len(page)), NextToken: next}
	for i := range page {
		if out.CrawlerMetricsList[i], err = s.metrics(ctx, &page[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
