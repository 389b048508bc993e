package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/scopsdb/scops/internal/delivery"
	"github.com/scopsdb/scops/internal/httpapi"
)

// Deliveries returns the books of all deliveries.
func (c *Client) Deliveries(ctx context.Context) ([]delivery.Status, error) {
	var out struct {
		Deliveries []delivery.Status `json:"deliveries"`
	}
	err := c.call(ctx, http.MethodGet, httpapi.DeliveriesPath, nil, &out)
	return out.Deliveries, err
}

// Delivery returns one delivery.
func (c *Client) Delivery(ctx context.Context, name string) (d delivery.Detail, err error) {
	return d, c.call(ctx, http.MethodGet, deliveryPath(name, ""), nil, &d)
}

// CreateDelivery makes a delivery from its definition.
func (c *Client) CreateDelivery(ctx context.Context, definition any) (d delivery.Detail, err error) {
	return d, c.call(ctx, http.MethodPost, httpapi.DeliveriesPath, definition, &d)
}

// UpdateDelivery replaces the definition of a delivery.
func (c *Client) UpdateDelivery(ctx context.Context, name string, definition any) (d delivery.Detail, err error) {
	return d, c.call(ctx, http.MethodPut, deliveryPath(name, ""), definition, &d)
}

// DeleteDelivery ends a delivery.
func (c *Client) DeleteDelivery(ctx context.Context, name string) error {
	return c.call(ctx, http.MethodDelete, deliveryPath(name, ""), nil, nil)
}

// PauseDelivery stops a delivery until it is resumed.
func (c *Client) PauseDelivery(ctx context.Context, name, reason string) (d delivery.Detail, err error) {
	return d, c.call(ctx, http.MethodPost, deliveryPath(name, "/pause"), httpapi.PauseRequest{Reason: reason}, &d)
}

// ResumeDelivery lets a paused delivery go on.
func (c *Client) ResumeDelivery(ctx context.Context, name string) (d delivery.Detail, err error) {
	return d, c.call(ctx, http.MethodPost, deliveryPath(name, "/resume"), nil, &d)
}

func deliveryPath(name, action string) string {
	return httpapi.DeliveriesPath + "/" + url.PathEscape(name) + action
}

// call sends in as JSON, nil for no body, and reads the answer into out, unless
// that is nil.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	resp, err := c.do(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("the server's answer is not understood: %w", err)
	}
	return nil
}

// ResendDelivery sends rejected events of a delivery again.
func (c *Client) ResendDelivery(ctx context.Context, name string, in httpapi.ResendRequest) (out httpapi.ResendAnswer, err error) {
	return out, c.call(ctx, http.MethodPost, deliveryPath(name, "/resend"), in, &out)
}
