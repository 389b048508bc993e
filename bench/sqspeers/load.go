package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// client is one connection, made anew when the server closes it (moto does after
// each response). It writes requests as they are and reads responses with
// net/http's parser.
type client struct {
	host string
	c    net.Conn // nil: to be made
	r    *bufio.Reader
}

func newClient(t target) (*client, error) {
	u, err := url.Parse(t.url)
	if err != nil {
		return nil, err
	}
	c := &client{host: u.Host, r: bufio.NewReaderSize(nil, 64<<10)}
	return c, c.connect()
}

func (c *client) connect() (err error) {
	if c.c == nil {
		c.c, err = net.Dial("tcp", c.host)
		c.r.Reset(c.c)
	}
	return err
}

func (c *client) close() {
	if c.c != nil {
		c.c.Close()
		c.c = nil
	}
}

func (c *client) do(request []byte) ([]byte, error) {
	if err := c.connect(); err != nil {
		return nil, err
	}
	if _, err := c.c.Write(request); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %.300s", resp.Status, body)
	}
	if resp.Close {
		c.close()
	}
	return body, nil
}

// once does one request on a connection of its own.
func once(t target, request []byte) ([]byte, error) {
	c, err := newClient(t)
	if err != nil {
		return nil, err
	}
	defer c.close()
	return c.do(request)
}

var (
	queueURLs = regexp.MustCompile(`(?:"QueueUrl"\s*:\s*"|<QueueUrl>)([^"<]+)`)
	sequence  atomic.Int64
)

// measure sends to a new queue for a while and returns messages a second.
func measure(ctx context.Context, s signer, t target, c cell, size int, length time.Duration) (float64, error) {
	name := fmt.Sprintf("bench-%d-%d", time.Now().Unix(), sequence.Add(1))
	create, err := s.request(ctx, t, "CreateQueue", map[string]any{"QueueName": name})
	if err != nil {
		return 0, err
	}
	answer, err := once(t, create)
	if err != nil {
		return 0, fmt.Errorf("CreateQueue: %w", err)
	}
	found := queueURLs.FindSubmatch(answer)
	if found == nil {
		return 0, fmt.Errorf("CreateQueue answered no queue URL: %.200s", answer)
	}
	queueURL := strings.ReplaceAll(string(found[1]), `\/`, "/")
	request, err := s.send(ctx, t, queueURL, c.batch, size)
	if err != nil {
		return 0, err
	}
	n, took, err := load(t, request, c, length)
	if err != nil {
		return 0, err
	}
	remove, err := s.request(ctx, t, "DeleteQueue", map[string]any{"QueueUrl": queueURL})
	if err != nil {
		return 0, err
	}
	if _, err := once(t, remove); err != nil {
		return 0, fmt.Errorf("DeleteQueue: %w", err)
	}
	return float64(n*int64(c.batch)) / took.Seconds(), nil
}

// load repeats the request on c.clients connections. Every answer must accept
// every message.
func load(t target, request []byte, c cell, length time.Duration) (requests int64, took time.Duration, err error) {
	clients := make([]*client, c.clients)
	for i := range clients {
		if clients[i], err = newClient(t); err != nil {
			return 0, 0, err
		}
		defer clients[i].close()
	}
	errs := make([]error, c.clients)
	var total atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for i, cl := range clients {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for time.Since(start) < length {
				answer, err := cl.do(request)
				if err == nil && bytes.Count(answer, []byte("MD5OfMessageBody")) < c.batch {
					err = fmt.Errorf("not every message was accepted: %.300s", answer)
				}
				if err != nil {
					errs[i] = err
					return
				}
				total.Add(1)
			}
		}()
	}
	wg.Wait()
	return total.Load(), time.Since(start), errors.Join(errs...)
}
