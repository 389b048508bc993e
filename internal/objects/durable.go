package objects

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/scopsdb/scops/internal/fault"
)

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	fault.Point("objects.sync")
	return errors.Join(d.Sync(), d.Close())
}

// syncFrom makes the entry path durable, and every folder from the one that
// holds it up to and with root. Folders that vanished meanwhile (another
// client deleted their last object) need no sync.
func syncFrom(root, path string) error {
	if err := syncDir(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	for dir := filepath.Dir(path); within(root, dir); dir = filepath.Dir(dir) {
		if err := syncDir(dir); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}

func within(root, path string) bool {
	return path == root || strings.HasPrefix(path, root+string(filepath.Separator))
}

// makeDirs makes a folder and its missing parents, durably.
func makeDirs(dir string) error {
	if fi, err := os.Stat(dir); err == nil {
		if !fi.IsDir() {
			return &os.PathError{Op: "mkdir", Path: dir, Err: errors.New("exists and is not a folder")}
		}
		return nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := makeDirs(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !os.IsExist(err) {
		return err
	}
	return syncDir(parent)
}
