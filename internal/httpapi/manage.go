package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/scopsdb/scops/internal/delivery"
	"github.com/valyala/fasthttp"
)

// DeliveriesPath is the path of Deliveries; /NAME and /NAME/ACTION follow it.
const DeliveriesPath = "/_scops/v1/deliveries"

// Definitions reads the definition of a delivery: JSON with the keys of
// scops.yaml. Its errors name the key.
type Definitions func(text []byte) (delivery.Config, error)

// deliveryCall is what can be asked of a path.
type deliveryCall func(s *Server, ctx context.Context, name string, body []byte) (status int, answer any, err error)

// deliveryCalls are by what follows the path: nothing, a name, or the name's
// action; then by method.
var deliveryCalls = map[string]map[string]deliveryCall{
	"":        {"GET": (*Server).listDeliveries, "POST": (*Server).createDelivery},
	"/":       {"GET": (*Server).describeDelivery, "PUT": (*Server).updateDelivery, "DELETE": (*Server).deleteDelivery},
	"/pause":  {"POST": (*Server).pauseDelivery},
	"/resume": {"POST": (*Server).resumeDelivery},
	"/resend": {"POST": (*Server).resendDelivery},
}

// Deliveries answers everything under DeliveriesPath.
func (s *Server) Deliveries(ctx context.Context, rc *fasthttp.RequestCtx) {
	p := strings.TrimPrefix(string(rc.Path()), DeliveriesPath)
	name, action, deeper := strings.Cut(strings.TrimPrefix(p, "/"), "/")
	shape := ""
	if p != "" {
		shape = "/" + action
	}
	calls, ok := deliveryCalls[shape]
	if !ok || p != "" && name == "" || deeper && action == "" {
		writeError(rc, http.StatusNotFound, "NotFound", "there is nothing at "+string(rc.Path()))
		return
	}
	call, ok := calls[string(rc.Method())]
	if !ok {
		methods := make([]string, 0, len(calls))
		for m := range calls {
			methods = append(methods, m)
		}
		slices.Sort(methods)
		rc.Response.Header.Set("Allow", strings.Join(methods, ", "))
		writeError(rc, http.StatusMethodNotAllowed, "MethodNotAllowed", fmt.Sprintf("%s takes %s", rc.Path(), strings.Join(methods, ", ")))
		return
	}
	status, answer, err := call(s, ctx, name, rc.PostBody())
	if err != nil {
		s.refuseDelivery(rc, err)
		return
	}
	writeJSON(rc, status, answer)
}

// invalid is a request that does not say what it should.
type invalid struct{ error }

// deliveryErrors gives errors of package delivery their answers.
var deliveryErrors = []struct {
	is     error
	status int
	code   string
}{
	{delivery.ErrNotFound, http.StatusNotFound, "DeliveryNotFound"},
	{delivery.ErrExists, http.StatusConflict, "DeliveryAlreadyExists"},
	{delivery.ErrRefused, http.StatusBadRequest, "InvalidDelivery"},
}

func (s *Server) refuseDelivery(rc *fasthttp.RequestCtx, err error) {
	if errors.As(err, new(invalid)) {
		writeError(rc, http.StatusBadRequest, "InvalidRequest", err.Error())
		return
	}
	for _, e := range deliveryErrors {
		if errors.Is(err, e.is) {
			writeError(rc, e.status, e.code, err.Error())
			return
		}
	}
	s.log.Error("manage deliveries", "path", string(rc.Path()), "error", err)
	writeError(rc, http.StatusInternalServerError, "InternalFailure", "the deliveries cannot be read or changed now")
}

func (s *Server) listDeliveries(ctx context.Context, _ string, _ []byte) (int, any, error) {
	list, err := s.deliveries.Status(ctx)
	if list == nil {
		list = []delivery.Status{}
	}
	return http.StatusOK, map[string]any{"deliveries": list}, err
}

func (s *Server) describeDelivery(ctx context.Context, name string, _ []byte) (int, any, error) {
	d, err := s.deliveries.Describe(ctx, name)
	return http.StatusOK, d, err
}

// definition reads a body; name is that of the path, "" for none.
func (s *Server) definition(name string, body []byte) (delivery.Config, error) {
	c, err := s.define(body)
	if err != nil {
		return c, invalid{err}
	}
	if c.Name == "" {
		c.Name = name
	}
	if name != "" && c.Name != name {
		return c, invalid{fmt.Errorf("name: a delivery keeps its name: it is %q, not %q", name, c.Name)}
	}
	return c, nil
}

func (s *Server) createDelivery(ctx context.Context, _ string, body []byte) (int, any, error) {
	c, err := s.definition("", body)
	if err == nil {
		err = s.deliveries.Create(ctx, c)
	}
	return s.described(ctx, c.Name, http.StatusCreated, err)
}

func (s *Server) updateDelivery(ctx context.Context, name string, body []byte) (int, any, error) {
	c, err := s.definition(name, body)
	if err == nil {
		err = s.deliveries.Update(ctx, c)
	}
	return s.described(ctx, name, http.StatusOK, err)
}

func (s *Server) deleteDelivery(ctx context.Context, name string, _ []byte) (int, any, error) {
	return http.StatusOK, map[string]any{}, s.deliveries.Delete(ctx, name)
}

// PauseRequest is the body of a pause; it may be missing.
type PauseRequest struct {
	Reason string `json:"reason"`
}

func (s *Server) pauseDelivery(ctx context.Context, name string, body []byte) (int, any, error) {
	var in PauseRequest
	if len(body) > 0 {
		if err := readJSON(body, &in); err != nil {
			return 0, nil, err
		}
	}
	return s.described(ctx, name, http.StatusOK, s.deliveries.Pause(ctx, name, in.Reason))
}

func (s *Server) resumeDelivery(ctx context.Context, name string, _ []byte) (int, any, error) {
	return s.described(ctx, name, http.StatusOK, s.deliveries.Resume(ctx, name))
}

// described answers a change with what there is now.
func (s *Server) described(ctx context.Context, name string, status int, err error) (int, any, error) {
	if err != nil {
		return 0, nil, err
	}
	d, err := s.deliveries.Describe(ctx, name)
	return status, d, err
}

// readJSON reads a body that must have known members only.
func readJSON(body []byte, into any) error {
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return invalid{fmt.Errorf("the body is not understood: %w", err)}
	}
	return nil
}
