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

// get gives what a text was compiled to. What fails is not kept. text must not
// be borrowed from a chunk.
func (c *cache[T]) get(text string, compile func(string) (T, error)) (T, error) {
	c.mu.RLock()
	v, ok := c.known[text]
	c.mu.RUnlock()
	if ok {
		return v, nil
	}
	v, err := compile(text)
	if err != nil {
		return v, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= mostCached {
		c.known = map[string]T{}
	}
	c.known[text] = v
	return v, nil
}
