package code

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Limits of Lambda for deployment packages, in bytes.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	MaxZipped   = 52428800  // of an archive that is uploaded directly
	MaxUnzipped = 262144000 // of all files of an archive

	// maxEntries bounds what an archive of empty files makes of a disk.
	maxEntries = 200_000
	maxLink    = 4096 // bytes of a symbolic link's target
)

// InvalidError says why an archive is refused.
type InvalidError struct{ Message string }

func (e *InvalidError) Error() string { return e.Message }

// broken is what AWS says of anything that it cannot unzip; why is ours.
func broken(why string) error {
	return &InvalidError{Message: "Could not unzip uploaded file. Please check your file, then try to upload again. (" + why + ")"}
}

var errTooLarge = &InvalidError{Message: fmt.Sprintf("Unzipped size must be smaller than %d bytes", MaxUnzipped)}

// unpack makes the folder of an archive's files, whole or not at all.
func (s *Store) unpack(h Hash, archive []byte) error {
	dir := filepath.Join(s.unpacked, string(h))
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	unfinished, err := os.MkdirTemp(s.unpacked, ".new-")
	if err != nil {
		return fmt.Errorf("unpack a deployment package: %w", err)
	}
	defer os.RemoveAll(unfinished) // of no effect behind Rename
	if err := extract(unfinished, archive, MaxUnzipped); err != nil {
		return err
	}
	if err := os.Rename(unfinished, dir); err != nil {
		return fmt.Errorf("unpack a deployment package: %w", err)
	}
	return nil
}

// extract writes the files of an archive below dir, at most limit bytes. The Root
// refuses every path and link that leaves it.
func extract(dir string, archive []byte, limit int64) error {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return broken(err.Error())
	}
	if len(r.File) > maxEntries {
		return broken(fmt.Sprintf("it has more than %d entries", maxEntries))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("unpack a deployment package: %w", err)
	}
	defer root.Close()
	left := limit
	for _, f := range r.File {
		n, err := extractFile(root, f, left)
		if err != nil {
			return err
		}
		if left -= n; left <= 0 {
			return errTooLarge
		}
	}
	return nil
}

// extractFile writes one entry and returns its size. The size in the archive's
// directory is not trusted: what comes out is counted.
func extractFile(root *os.Root, f *zip.File, left int64) (int64, error) {
	name := path.Clean(strings.ReplaceAll(f.Name, `\`, "/"))
	if !filepath.IsLocal(name) {
		return 0, broken(fmt.Sprintf("the entry %q is outside of the archive", f.Name))
	}
	if f.UncompressedSize64 > uint64(left) {
		return 0, errTooLarge
	}
	mode := f.Mode()
	if mode.IsDir() || strings.HasSuffix(f.Name, "/") {
		return 0, refuse(f, root.MkdirAll(name, 0o755))
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return 0, refuse(f, err)
	}
	content, err := f.Open()
	if err != nil {
		return 0, broken(err.Error())
	}
	defer content.Close()
	switch {
	case mode&fs.ModeSymlink != 0:
		return 0, extractLink(root, f, name, content)
	case !mode.IsRegular():
		return 0, broken(fmt.Sprintf("the entry %q is no file", f.Name))
	}
	return copyFile(root, f, name, content, left)
}

func copyFile(root *os.Root, f *zip.File, name string, content io.Reader, left int64) (int64, error) {
	// Not writable: processes of the same function share the files.
	to, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, f.Mode().Perm()&0o555|0o444)
	if err != nil {
		return 0, refuse(f, err)
	}
	n, err := io.Copy(to, io.LimitReader(content, left+1))
	if cerr := to.Close(); err == nil {
		err = cerr
	}
	if n > left {
		return n, errTooLarge
	}
	return n, refuse(f, err)
}

// extractLink makes a symbolic link, if it leads to somewhere inside.
func extractLink(root *os.Root, f *zip.File, name string, content io.Reader) error {
	text, err := io.ReadAll(io.LimitReader(content, maxLink+1))
	if err != nil {
		return broken(err.Error())
	}
	target := string(text)
	if len(target) > maxLink || path.IsAbs(target) || !filepath.IsLocal(path.Join(path.Dir(name), target)) {
		return broken(fmt.Sprintf("the link %q leads outside of the archive", f.Name))
	}
	return refuse(f, root.Symlink(target, name))
}

// refuse tells an archive's fault from the disk's.
func refuse(f *zip.File, err error) error {
	if err == nil {
		return nil
	}
	if isDisk(err) {
		return fmt.Errorf("unpack a deployment package: %w", err)
	}
	return broken(fmt.Sprintf("the entry %q: %v", f.Name, err))
}
