package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// formatName is the file that says which layout a data folder has. It is written
// once every part is in place, so that a first start which was interrupted goes
// on where it stopped. From then on each part must be there: one that is missing
// was lost, and making it anew would hide what it held.
const (
	formatName = "format"
	format     = "1"
)

// parts are what a data folder consists of; tmp and tls can be made again.
var parts = []string{"credentials", "catalog.db", "objects", "queue"}

// checkParts tells whether the folder was complete before, and refuses one that
// lost a part or is of another version's layout.
func checkParts(data string) (complete bool, err error) {
	text, err := os.ReadFile(filepath.Join(data, formatName))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the format of the data folder: %w", err)
	}
	if found := strings.TrimSpace(string(text)); found != format {
		return false, fmt.Errorf("the data folder %s has format %q, this scops knows %q", data, found, format)
	}
	for _, part := range parts {
		info, err := os.Stat(filepath.Join(data, part))
		if errors.Is(err, os.ErrNotExist) || err == nil && info.Mode().IsRegular() && info.Size() == 0 {
			return false, fmt.Errorf("the data folder %s has lost %s: restore it from a backup, or start with another folder (--data)", data, part)
		}
		if err != nil {
			return false, fmt.Errorf("look at the data folder: %w", err)
		}
	}
	return true, nil
}

// markComplete says that all parts are in place.
func markComplete(data string) error {
	path := filepath.Join(data, formatName)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	unfinished := path + ".new"
	if err := os.WriteFile(unfinished, []byte(format+"\n"), 0o600); err != nil {
		return fmt.Errorf("mark the data folder: %w", err)
	}
	if err := os.Rename(unfinished, path); err != nil {
		return fmt.Errorf("mark the data folder: %w", err)
	}
	return nil
}
