package duckdbudf

import "sync"

// mostCached bounds a cache: queries of outside bring any number of texts.
const mostCached = 1000

// cache keeps what was compiled, by its text. It is emptied when it is full,
// because what is in use comes back with the next chunk.
type cache[T any] struct {
	mu    sync.RWMutex
	known map[string]T
}

func (c *cache[T]) load(text string) (T, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok := c.known[text]
	return v, ok
}

func (c *cache[T]) store(text string, v T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= mostCached {
		c.known = map[string]T{}
	}
	c.known[text] = v
}
