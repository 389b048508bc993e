package objects

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// versioner is a store that knows when entries of a folder came and went.
type versioner interface {
	FolderVersion(bucket, prefix string) string
}

// FolderVersion names the state of a folder: as long as it is the same, nothing
// has come or gone directly in it. It is "" where the store cannot tell. prefix
// is "" or ends with a slash.
func FolderVersion(s Store, bucket, prefix string) string {
	if r, ok := s.(*Routed); ok {
		s = r.of(bucket)
	}
	if v, ok := s.(versioner); ok {
		return v.FolderVersion(bucket, prefix)
	}
	return ""
}

// folderSettles is how old the last change of a folder must be to tell it from
// later ones: file systems have coarse clocks.
const folderSettles = 2 * time.Second

// FolderVersion is when an entry of the folder last came or went, "" for one that
// has just changed: see the function of this name.
func (l *Local) FolderVersion(bucket, prefix string) string {
	dir, err := l.backend.existing(bucket)
	if err != nil || prefix != "" && checkKey(prefix) != nil {
		return ""
	}
	info, err := os.Stat(filepath.Join(dir, prefix))
	if err != nil || !info.IsDir() || time.Since(info.ModTime()) <= folderSettles {
		return ""
	}
	inode := uint64(0)
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		inode = st.Ino
	}
	return fmt.Sprintf("%d.%d", info.ModTime().UnixNano(), inode)
}
