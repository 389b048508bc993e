package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// lock is the claim of one process on a data folder. Its file says who holds it
// and where it answers and as which region, which `scops env` and `scops query` read.
type lock struct {
	file *flock.Flock
	path string
}

// holder is the content of the lock file.
type holder struct {
	PID      int    `json:"pid"`
	Endpoint string `json:"endpoint,omitempty"`
	Region   string `json:"region,omitempty"`
}

const lockName = "lock"

// acquireLock claims a data folder. It is refused while another process has it.
func acquireLock(data string) (*lock, error) {
	path := filepath.Join(data, lockName)
	f := flock.New(path)
	ok, err := f.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if !ok {
		h, _ := readHolder(data)
		return nil, fmt.Errorf("the data folder %s is in use by another scops (process %d); stop it, or give another folder with --data", data, h.PID)
	}
	l := &lock{file: f, path: path}
	return l, l.write(holder{PID: os.Getpid()})
}

func (l *lock) write(h holder) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := os.WriteFile(l.path, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", l.path, err)
	}
	return nil
}

// release gives the folder up. The file stays: removing it would race with the
// next process.
func (l *lock) release() error {
	return errors.Join(l.write(holder{}), l.file.Unlock())
}

// readHolder tells who holds a data folder; a zero holder where nobody does.
func readHolder(data string) (holder, error) {
	var h holder
	text, err := os.ReadFile(filepath.Join(data, lockName))
	if errors.Is(err, os.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal(text, &h)
}
