package rig

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// Client is one connection, made anew when the server closes it (moto does after
// each response). It writes requests as they are and reads responses with
// net/http's parser: little cost on the cores that it shares with the server.
type Client struct {
	host string
	c    net.Conn // nil: to be made
	r    *bufio.Reader
}

// NewClient connects to the server of a URL.
func NewClient(endpoint string) (*Client, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	c := &Client{host: u.Host, r: bufio.NewReaderSize(nil, 64<<10)}
	return c, c.connect()
}

func (c *Client) connect() (err error) {
	if c.c == nil {
		c.c, err = net.Dial("tcp", c.host)
		c.r.Reset(c.c)
	}
	return err
}

// Close ends the connection.
func (c *Client) Close() {
	if c.c != nil {
		c.c.Close()
		c.c = nil
	}
}

// Do sends a request of Signer.Request and returns the body of the answer; any
// status that is not 2xx is an error.
func (c *Client) Do(request []byte) ([]byte, error) {
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
	if resp.StatusCode/100 != 2 {
		return nil, fmt.Errorf("%s: %.300s", resp.Status, body)
	}
	if resp.Close {
		c.Close()
	}
	return body, nil
}
