package functionlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Line is one line that a function printed, or that scops says of it.
type Line struct {
	Time      time.Time `json:"time"`
	Stream    string    `json:"stream"`               // of one execution environment, for example 2026/11/24/[$LATEST]8f…
	RequestID string    `json:"request_id,omitempty"` // "" outside of invocations
	Message   string    `json:"message"`              // without the line feed
}

// maxFile is how large a file grows, in bytes. A function's log holds between
// one and two of these.
const maxFile = 4 << 20

// Store keeps the logs of all functions. It is safe for concurrent use.
type Store struct {
	dir string

	mu        sync.Mutex
	files     map[string]*file // by function
	followers map[string]map[chan []Line]struct{}
}

type file struct {
	*os.File
	size int64
}

// Open opens a folder of logs, which is made where it is missing.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of function logs: %w", err)
	}
	return &Store{dir: dir, files: map[string]*file{}, followers: map[string]map[chan []Line]struct{}{}}, nil
}

// Close closes the files.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for name, f := range s.files {
		errs = append(errs, f.Close())
		delete(s.files, name)
	}
	return errors.Join(errs...)
}

func (s *Store) path(function string) string  { return filepath.Join(s.dir, function+".ndjson") }
func (s *Store) older(function string) string { return filepath.Join(s.dir, function+".1.ndjson") }

// Append writes lines of a function and gives them to its followers.
func (s *Store) Append(function string, lines []Line) error {
	if len(lines) == 0 {
		return nil
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	for _, l := range lines {
		if err := e.Encode(l); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.followers[function] {
		select {
		case c <- lines:
		default: // who does not keep up loses its place, and is told by the closed channel
			delete(s.followers[function], c)
			close(c)
		}
	}
	f, err := s.open(function)
	if err != nil {
		return err
	}
	n, err := f.Write(text.Bytes())
	f.size += int64(n)
	return err
}

// open returns the newer file of a function, with room. The caller holds mu.
func (s *Store) open(function string) (*file, error) {
	f := s.files[function]
	if f != nil && f.size < maxFile {
		return f, nil
	}
	if f != nil {
		delete(s.files, function)
		if err := errors.Join(f.Close(), os.Rename(s.path(function), s.older(function))); err != nil {
			return nil, fmt.Errorf("rotate a function's log: %w", err)
		}
	}
	opened, err := os.OpenFile(s.path(function), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open a function's log: %w", err)
	}
	size, err := endLine(opened)
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	f = &file{File: opened, size: size}
	s.files[function] = f
	return f, nil
}

// endLine ends a line that a crash cut off, and returns the size of the file.
func endLine(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return 0, err
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], info.Size()-1); err != nil || last[0] == '\n' {
		return info.Size(), err
	}
	n, err := f.Write([]byte{'\n'})
	return info.Size() + int64(n), err
}

// Forget removes the log of a function.
func (s *Store) Forget(function string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	if f := s.files[function]; f != nil {
		errs = append(errs, f.Close())
		delete(s.files, function)
	}
	for _, path := range []string{s.path(function), s.older(function)} {
		if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
