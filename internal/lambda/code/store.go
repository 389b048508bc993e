package code

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Hash names an archive: the SHA-256 of its bytes in hexadecimal.
type Hash string

// Store keeps archives. It is safe for concurrent use.
type Store struct {
	dir      string // of archives
	unpacked string // of files, by hash

	mu     sync.Mutex // one unpacks or removes at a time
	users  map[Hash]int
	doomed map[Hash]bool // files to remove once nobody uses them
}

// Open opens a folder of archives, which is made where it is missing, and a
// folder for unpacked files, which may be emptied between runs.
func Open(dir, unpacked string) (*Store, error) {
	for _, d := range []string{dir, unpacked} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of functions: %w", err)
		}
	}
	unpacked, err := filepath.Abs(unpacked) // processes run elsewhere
	return &Store{dir: dir, unpacked: unpacked, users: map[Hash]int{}, doomed: map[Hash]bool{}}, err
}

func (s *Store) archive(h Hash) string { return filepath.Join(s.dir, string(h)+suffix) }

const suffix = ".zip"

// Put stores an archive and unpacks it. When it returns the archive is on disk.
// An *InvalidError says why an archive is refused.
func (s *Store) Put(archive []byte) (Hash, error) {
	sum := sha256.Sum256(archive)
	h := Hash(hex.EncodeToString(sum[:]))
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.unpack(h, archive); err != nil {
		return "", err
	}
	delete(s.doomed, h)
	if _, err := os.Stat(s.archive(h)); err == nil {
		return h, nil
	}
	return h, s.write(h, archive)
}

// write makes the archive's file whole or not at all.
func (s *Store) write(h Hash, archive []byte) (err error) {
	f, err := os.CreateTemp(s.dir, ".new-*")
	if err != nil {
		return fmt.Errorf("store the deployment package: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("store the deployment package: %w", err), f.Close(), os.Remove(f.Name()))
		}
	}()
	if _, err = f.Write(archive); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), s.archive(h)); err != nil {
		return err
	}
	if cerr := f.Close(); cerr != nil {
		return cerr
	}
	return syncDir(s.dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Read returns an archive.
func (s *Store) Read(h Hash) ([]byte, error) { return os.ReadFile(s.archive(h)) }

// Has tells whether an archive is there.
func (s *Store) Has(h Hash) bool {
	_, err := os.Stat(s.archive(h))
	return err == nil
}

// Files returns the absolute path of the folder with an archive's files, which
// stays until release is called. It fails with fs.ErrNotExist for an archive that
// was removed.
func (s *Store) Files(h Hash) (dir string, release func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	dir = filepath.Join(s.unpacked, string(h))
	if _, err := os.Stat(dir); err != nil {
		archive, err := s.Read(h)
		if err != nil {
			return "", nil, fmt.Errorf("read the deployment package: %w", err)
		}
		if err := s.unpack(h, archive); err != nil {
			return "", nil, err
		}
	}
	s.users[h]++
	return dir, func() { s.release(h) }, nil
}

func (s *Store) release(h Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users[h]--; s.users[h] > 0 {
		return
	}
	delete(s.users, h)
	if s.doomed[h] {
		delete(s.doomed, h)
		_ = os.RemoveAll(filepath.Join(s.unpacked, string(h))) // else the next start does
	}
}

// forget removes an archive, and its files once nobody uses them. The caller
// holds mu.
func (s *Store) forget(h Hash) error {
	if s.users[h] > 0 {
		s.doomed[h] = true
		return os.Remove(s.archive(h))
	}
	return errors.Join(os.Remove(s.archive(h)), os.RemoveAll(filepath.Join(s.unpacked, string(h))))
}

// Sweep removes every archive but those that keep names, and what an
// interrupted Put left.
func (s *Store) Sweep(keep map[Hash]bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("list the deployment packages: %w", err)
	}
	var errs []error
	for _, e := range entries {
		name, isArchive := strings.CutSuffix(e.Name(), suffix)
		switch {
		case strings.HasPrefix(e.Name(), ".new-"):
			errs = append(errs, os.Remove(filepath.Join(s.dir, e.Name())))
		case isArchive && !keep[Hash(name)]:
			errs = append(errs, s.forget(Hash(name)))
		}
	}
	return errors.Join(errs...)
}
