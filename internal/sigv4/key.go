package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

// maxKeys bounds the cache: a client may name any region and date.
const maxKeys = 1024

type keyID struct {
	access, secret string
	scope          Scope
}

// keyCache keeps signing keys, which change once a day for each region and
// service, with hashers that have absorbed the key already.
type keyCache struct {
	mu   sync.RWMutex
	keys map[keyID]*sync.Pool // of hash.Hash
}

func (c *keyCache) hasher(access, secret string, scope Scope) (hash.Hash, func()) {
	id := keyID{access, secret, scope}
	c.mu.RLock()
	pool := c.keys[id]
	c.mu.RUnlock()
	if pool == nil {
		pool = c.add(id)
	}
	h := pool.Get().(hash.Hash)
	h.Reset()
	return h, func() { pool.Put(h) }
}

func (c *keyCache) add(id keyID) *sync.Pool {
	key := deriveKey(id.secret, id.scope)
	pool := &sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.keys) >= maxKeys || c.keys == nil {
		c.keys = map[keyID]*sync.Pool{}
	}
	c.keys[id] = pool
	return pool
}

func deriveKey(secret string, s Scope) []byte {
	key := []byte("AWS4" + secret)
	for _, part := range []string{s.Date, s.Region, s.Service, "aws4_request"} {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(part))
		key = h.Sum(nil)
	}
	return key
}

// SigningKey returns the key that signs requests in a scope.
func SigningKey(secret, date, region, service string) []byte {
	return deriveKey(secret, Scope{Date: date, Region: region, Service: service})
}
