package console

import (
	"bytes"
	"context"
	"crypto/subtle"
	"net/http"

	"github.com/scopsdb/scops/internal/telemetry"
	"github.com/valyala/fasthttp"
)

// metrics answers GET /_scops/metrics, for the bearer of the metrics token and
// for whoever may see everything else.
func (c *Console) metrics(_ context.Context, rc *fasthttp.RequestCtx) {
	if !c.bearsToken(rc) && !c.authorized(rc) {
		rc.Response.Header.Set("WWW-Authenticate", "Bearer")
		answerError(rc, http.StatusUnauthorized, "AccessDenied", "give the token of the file metrics-token in the data folder (Authorization: Bearer …), log in, or sign the request (SigV4)")
		return
	}
	var page bytes.Buffer
	if err := c.cfg.Metrics.Write(&page); err != nil {
		c.cfg.Log.Warn("some metrics are missing", "error", err)
	}
	rc.SetContentType(telemetry.ContentType)
	rc.Response.Header.Set("Cache-Control", "no-store")
	rc.SetBody(page.Bytes())
}

func (c *Console) bearsToken(rc *fasthttp.RequestCtx) bool {
	given, ok := bytes.CutPrefix(rc.Request.Header.Peek("Authorization"), []byte("Bearer "))
	return ok && c.cfg.MetricsToken != "" && subtle.ConstantTimeCompare(given, []byte(c.cfg.MetricsToken)) == 1
}
