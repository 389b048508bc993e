package objects

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"sync/atomic"

	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3err"
)

const tempDir = posix.MetaTmpDir

// tempNames are the names that the posix backend gives an object for the
// moment in which it replaces another; a crash can leave one behind.
var tempNames = regexp.MustCompile(`^\..*\.sgwtmp\.[0-9]+$`)

func isTempName(name string) bool { return name[0] == '.' && tempNames.MatchString(name) }

// durableBackend is versitygw's posix backend with three differences.
//
// It answers a change after the change is on disk: contents before their name
// appears (syncingMeta), names and attributes afterwards (syncFrom).
//
// It never depends on the working directory of the process. The posix backend
// takes bucket names as paths relative to it; here every call gives the
// bucket's absolute path instead, and results get the name back. Copies, whose
// source is one string, are therefore done here.
//
// It refuses keys that a file cannot represent (checkKey) instead of storing
// them under another name.
type durableBackend struct {
	root  string
	owner string
	meta  meta.MetadataStorer
	posix *posix.Posix

	// removal is held shared by whatever puts something into a bucket, and
	// alone by DeleteBucket, which removes a folder that it found empty.
	removal sync.RWMutex

	onWrite atomic.Pointer[func(bucket, key string)]
}

var _ backend.Backend = (*durableBackend)(nil)

// chdir guards the working directory, which posix.New changes.
var chdir sync.Mutex

func openBackend(root string, cfg localConfig) (*durableBackend, error) {
	m, err := newMetadata(root, cfg)
	if err != nil {
		return nil, err
	}
	chdir.Lock()
	defer chdir.Unlock()
	was, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	p, err := posix.New(root, m, posix.PosixOpts{
		ForceNoObjLockFile:  true, // one process owns the data folder
		CopyObjectThreshold: maxCopyBytes,
	})
	if err := errors.Join(err, os.Chdir(was)); err != nil {
		return nil, err
	}
	return &durableBackend{root: root, owner: cfg.owner, meta: m, posix: p}, nil
}

func (b *durableBackend) Shutdown()      { b.posix.Shutdown() }
func (b *durableBackend) String() string { return "scops objects in " + b.root }

func (b *durableBackend) NormalizeObjectKey(bucket, object string) string {
	return b.posix.NormalizeObjectKey(bucket, object)
}

// existing returns the folder of a bucket that exists.
func (b *durableBackend) existing(bucket string) (string, error) {
	if !validBucket(bucket) {
		return "", s3err.GetBucketErr(s3err.ErrInvalidBucketName, bucket)
	}
	dir := filepath.Join(b.root, bucket)
	fi, err := os.Lstat(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && !fi.IsDir() {
		return "", s3err.GetBucketErr(s3err.ErrNoSuchBucket, bucket)
	}
	if err != nil {
		return "", fmt.Errorf("bucket %s: %w", bucket, err)
	}
	return dir, nil
}

// object returns the bucket's folder for a key that may be read or removed.
func (b *durableBackend) object(bucket, key *string) (string, error) {
	dir, err := b.existing(deref(bucket))
	if err != nil {
		return "", err
	}
	if checkKey(deref(key)) != nil {
		return "", s3err.GetAPIError(s3err.ErrNoSuchKey)
	}
	return dir, nil
}

// target returns the bucket's folder for a key that shall be written.
func (b *durableBackend) target(bucket, key *string) (string, error) {
	dir, err := b.existing(deref(bucket))
	if err != nil {
		return "", err
	}
	return dir, checkKey(deref(key))
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// synced makes the object durable in its bucket's folder.
func (b *durableBackend) synced(dir, key string) error {
	if err := syncFrom(dir, filepath.Join(dir, key)); err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return nil
}
