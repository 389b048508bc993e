package gateway

import (
	"context"
	"net"
	"sync"
	"syscall"
	"time"
)

// watchInterval is how often connections of running requests are looked at.
const watchInterval = 200 * time.Millisecond

// watcher ends the contexts of requests whose client went away, which the HTTP
// server notices only when it writes. One goroutine looks at the connections of
// all requests that have been running for an interval.
type watcher struct {
	interval time.Duration

	mu    sync.Mutex
	calls map[*watched]struct{}
	stop  chan struct{}
	ended sync.WaitGroup
}

type watched struct {
	conn   syscall.RawConn
	since  time.Time
	cancel context.CancelFunc
}

func newWatcher(interval time.Duration) *watcher {
	w := &watcher{interval: interval, calls: map[*watched]struct{}{}, stop: make(chan struct{})}
	w.ended.Go(w.run)
	return w
}

// close ends the goroutine.
func (w *watcher) close() {
	w.mu.Lock()
	select {
	case <-w.stop:
	default:
		close(w.stop)
	}
	w.mu.Unlock()
	w.ended.Wait()
}

// context returns a context that ends with the client's connection. The caller
// releases it when the request is answered.
func (w *watcher) context(parent context.Context, conn net.Conn) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	raw := rawConn(conn)
	if raw == nil {
		return ctx, cancel
	}
	call := &watched{conn: raw, since: time.Now(), cancel: cancel}
	w.mu.Lock()
	w.calls[call] = struct{}{}
	w.mu.Unlock()
	return ctx, func() {
		w.mu.Lock()
		delete(w.calls, call)
		w.mu.Unlock()
		cancel()
	}
}

// rawConn returns the socket below TLS and wrappers, or nil.
func rawConn(conn net.Conn) syscall.RawConn {
	for {
		switch c := conn.(type) {
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		case syscall.Conn:
			raw, err := c.SyscallConn()
			if err != nil {
				return nil
			}
			return raw
		default:
			return nil
		}
	}
}

func (w *watcher) run() {
	ticker := time.NewTicker(w.interval)
	defer ticker.Stop()
	var old []*watched
	for {
		select {
		case <-w.stop:
			return
		case now := <-ticker.C:
			old = w.running(old[:0], now.Add(-w.interval))
		}
		for _, call := range old {
			if gone(call.conn) {
				call.cancel()
			}
		}
		clear(old)
	}
}

func (w *watcher) running(dst []*watched, before time.Time) []*watched {
	w.mu.Lock()
	defer w.mu.Unlock()
	for call := range w.calls {
		if call.since.Before(before) {
			dst = append(dst, call)
		}
	}
	return dst
}
