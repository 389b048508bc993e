package httpapi

import (
	"context"
	"net/http"

	"github.com/scopsdb/scops/internal/delivery"
	"github.com/valyala/fasthttp"
)

// Deliveries answers GET /_scops/v1/deliveries: the books of all deliveries,
// each as of one moment.
func (s *Server) Deliveries(ctx context.Context, rc *fasthttp.RequestCtx) {
	list, err := s.deliveries.Status(ctx)
	if err != nil {
		s.log.Error("read the books", "error", err)
		writeError(rc, http.StatusInternalServerError, "InternalFailure", "the books cannot be read now")
		return
	}
	if list == nil {
		list = []delivery.Status{}
	}
	writeJSON(rc, http.StatusOK, map[string]any{"deliveries": list})
}
