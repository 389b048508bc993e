package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/scopsdb/scops/internal/httpapi"
	"github.com/scopsdb/scops/internal/lambda/functionlog"
)

var errLogEnded = errors.New("the log ends here: scops stopped, or more was printed than could be read")

// FunctionLogs calls each with the newest lines of a function's log, at most
// limit, and with follow also with those that come, until ctx ends.
func (c *Client) FunctionLogs(ctx context.Context, function string, limit int, follow bool, each func(functionlog.Line) error) error {
	resp, err := c.do(ctx, http.MethodGet, fmt.Sprintf("%s?follow=%t&limit=%d", httpapi.FunctionLogsPath(function), follow, limit), nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	for in := bufio.NewReader(resp.Body); ; {
		text, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(text) == 0 {
			if follow && ctx.Err() == nil {
				return errLogEnded
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errCut, err)
		}
		var l functionlog.Line
		if err := json.Unmarshal(text, &l); err != nil {
			return fmt.Errorf("the server's answer is not understood: %w", err)
		}
		if err := each(l); err != nil {
			return err
		}
	}
}
