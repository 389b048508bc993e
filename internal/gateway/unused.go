package gateway

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// unused are the connections that have not sent a request yet. Clients open some
// in reserve and never use them; the HTTP server takes them for busy, and its
// shutdown would wait until their time for a request is over.
type unused struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

// note follows a connection's state; used ends that at its first request.
func (u *unused) note(c net.Conn, state fasthttp.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	switch state {
	case fasthttp.StateNew:
		if u.conns == nil {
			u.conns = map[net.Conn]struct{}{}
		}
		u.conns[c] = struct{}{}
	case fasthttp.StateClosed, fasthttp.StateHijacked:
		delete(u.conns, c)
	case fasthttp.StateActive, fasthttp.StateIdle:
		// Active is also one of which nothing was read.
	}
}

// used notes a request.
func (u *unused) used(rc *fasthttp.RequestCtx) {
	if rc.ConnRequestNum() > 1 {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.conns, rc.Conn())
}

// closeUntil closes such connections again and again until ctx ends: some are
// accepted late.
func (u *unused) closeUntil(ctx context.Context) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		u.mu.Lock()
		for c := range u.conns {
			_ = c.Close() // nobody waits for anything from it
		}
		u.mu.Unlock()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
