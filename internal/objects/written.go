package objects

import "path/filepath"

// OnWrite has f called for each object that was written, by whatever way, once it
// is durable and before its writer is answered. f must return at once. There is
// one such function.
func (l *Local) OnWrite(f func(bucket, key string)) { l.backend.onWrite.Store(&f) }

// wrote tells who asked that an object of the bucket's folder dir was written.
func (b *durableBackend) wrote(dir, key string) {
	if f := b.onWrite.Load(); f != nil {
		(*f)(filepath.Base(dir), key)
	}
}
