package objects

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/xattr"
	"github.com/versity/versitygw/backend/meta"

	"github.com/scopsdb/scops/internal/fault"
)

// Names of metadata attributes of versitygw's posix backend.
const (
	attrACL       = "acl"
	attrETag      = "etag"
	attrOwnership = "ownership"
	attrChecksums = "checksums"
	attrTagging   = "X-Amz-Tagging"
	attrMultipart = "mp-metadata"
)

// newMetadata returns extended attributes where the file system of root has
// them, else files in a folder. A folder that is there goes on being used.
func newMetadata(root string, cfg localConfig) (meta.MetadataStorer, error) {
	_, err := os.Stat(cfg.sidecar)
	if !cfg.always && os.IsNotExist(err) && tryXattrs(root) == nil {
		return syncingMeta{meta.XattrMeta{}}, nil
	}
	if err := makeDirs(cfg.sidecar); err != nil {
		return nil, fmt.Errorf("the file system has no extended attributes and the metadata folder cannot be made: %w", err)
	}
	s, err := meta.NewSideCar(cfg.sidecar)
	if err != nil {
		return nil, err
	}
	return syncingMeta{sidecarMeta{SideCar: s, root: root, dir: cfg.sidecar}}, nil
}

// tryXattrs sets and removes an attribute, as the only sure test.
func tryXattrs(dir string) error {
	const name = "user.scops-probe"
	if err := xattr.Set(dir, name, []byte("1")); err != nil {
		return err
	}
	return xattr.Remove(dir, name)
}

// syncingMeta makes file contents durable before their name appears. The
// posix backend writes an upload to a nameless file, stores its attributes
// with that file open, and then links it; the ETag comes after all content
// (for a multipart upload, the list of its parts is last).
type syncingMeta struct{ meta.MetadataStorer }

func (m syncingMeta) StoreAttribute(f *os.File, bucket, object, attribute string, value []byte) error {
	if err := m.MetadataStorer.StoreAttribute(f, bucket, object, attribute, value); err != nil {
		return err
	}
	if f == nil || (attribute != attrETag && attribute != attrMultipart) {
		return nil
	}
	fault.Point("objects.content")
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync object: %w", err)
	}
	return nil
}

// sidecarMeta keeps metadata of root/BUCKET/KEY in dir/BUCKET/KEY, so that the
// data folder can be moved, and makes each attribute durable.
type sidecarMeta struct {
	meta.SideCar
	root, dir string
}

func (m sidecarMeta) rel(bucket string) string {
	if rest, ok := strings.CutPrefix(bucket, m.root); ok {
		return strings.TrimPrefix(rest, string(filepath.Separator))
	}
	return bucket
}

func (m sidecarMeta) RetrieveAttribute(f *os.File, bucket, object, attribute string) ([]byte, error) {
	return m.SideCar.RetrieveAttribute(f, m.rel(bucket), object, attribute)
}

func (m sidecarMeta) StoreAttribute(f *os.File, bucket, object, attribute string, value []byte) error {
	bucket = m.rel(bucket)
	if err := m.SideCar.StoreAttribute(f, bucket, object, attribute, value); err != nil {
		return err
	}
	return syncFrom(m.dir, filepath.Join(m.dir, bucket, object, "meta", attribute))
}

func (m sidecarMeta) DeleteAttribute(bucket, object, attribute string) error {
	return m.SideCar.DeleteAttribute(m.rel(bucket), object, attribute)
}

func (m sidecarMeta) ListAttributes(bucket, object string) ([]string, error) {
	return m.SideCar.ListAttributes(m.rel(bucket), object)
}

func (m sidecarMeta) DeleteAttributes(bucket, object string) error {
	return m.SideCar.DeleteAttributes(m.rel(bucket), object)
}

func (m sidecarMeta) RenameObject(bucket, oldObject, newObject string) error {
	return m.SideCar.RenameObject(m.rel(bucket), oldObject, newObject)
}

// attribute reads one attribute; a missing one is empty.
func (b *durableBackend) attribute(f *os.File, dir, key, name string) (string, error) {
	v, err := b.meta.RetrieveAttribute(f, dir, key, name)
	if errors.Is(err, meta.ErrNoSuchKey) {
		return "", nil
	}
	return string(v), err
}
