package client

import (
	"context"
	"net/http"

	"github.com/scopsdb/scops/internal/httpapi"
)

// Crawl crawls a prefix and returns once that is done.
func (c *Client) Crawl(ctx context.Context, in httpapi.CrawlRequest) (out httpapi.CrawlAnswer, err error) {
	return out, c.call(ctx, http.MethodPost, httpapi.CrawlPath, in, &out)
}
