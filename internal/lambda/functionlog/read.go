package functionlog

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
)

// Tail returns the newest lines of a function, at most n, oldest first.
func (s *Store) Tail(function string, n int) ([]Line, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tail(function, n)
}

func (s *Store) tail(function string, n int) ([]Line, error) {
	var all []Line
	for _, path := range []string{s.older(function), s.path(function)} {
		lines, err := readFile(path)
		if err != nil {
			return nil, err
		}
		all = append(all, lines...)
	}
	return all[max(0, len(all)-n):], nil
}

// readFile reads the lines of a file; none where it does not exist. What is no
// line (a crash cut it off) is left out.
func readFile(path string) ([]Line, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var lines []Line
	for r := bufio.NewReader(f); ; {
		text, err := r.ReadBytes('\n')
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return nil, err
		}
		var l Line
		if json.Unmarshal(text, &l) == nil {
			lines = append(lines, l)
		}
	}
}

// backlog is how many appends a follower may be behind.
const backlog = 256

// Follow returns the newest lines of a function, at most n, and a channel of
// those that come after, until stop. The channel is closed early when its reader
// does not keep up.
func (s *Store) Follow(function string, n int) (lines []Line, more <-chan []Line, stop func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if lines, err = s.tail(function, n); err != nil {
		return nil, nil, nil, err
	}
	c := make(chan []Line, backlog)
	if s.followers[function] == nil {
		s.followers[function] = map[chan []Line]struct{}{}
	}
	s.followers[function][c] = struct{}{}
	return lines, c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.followers[function], c)
	}, nil
}
