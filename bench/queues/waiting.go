package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/scopsdb/scops/bench/rig"
)

// eventBytes is the size of a message, and perRequest how many go at once.
const (
	eventBytes = 200
	perRequest = 20_000
)

// waiting fills a queue and looks at the process, and at the disk, then.
func (b *bench) waiting() (err error) {
	s, err := b.start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	rest, err := s.Memory("VmRSS")
	if err != nil {
		return err
	}
	if _, err := s.call("CreateQueue", map[string]string{"QueueName": "waiting"}); err != nil {
		return err
	}
	line := `{"n":"` + strings.Repeat("a", eventBytes-8) + "\"}\n"
	body := bytes.Repeat([]byte(line), perRequest)
	start := time.Now()
	sent := 0
	for ; sent < b.messages; sent += perRequest {
		if _, err := s.post("/_scops/v1/events/waiting", "scops", map[string]string{"Content-Type": "application/x-ndjson"}, body); err != nil {
			return err
		}
	}
	took := time.Since(start)
	full, err := s.Memory("VmRSS")
	if err != nil {
		return err
	}
	peak, err := s.Memory("VmHWM")
	if err != nil {
		return err
	}
	var times []time.Duration
	for range 200 {
		start := time.Now()
		if _, err := s.call("ReceiveMessage", map[string]any{"QueueUrl": "waiting", "MaxNumberOfMessages": 10}); err != nil {
			return err
		}
		times = append(times, time.Since(start))
	}
	disk, err := size(filepath.Join(s.Data, "data", "queue"))
	if err != nil {
		return err
	}
	fmt.Println("| messages waiting | bytes of one | sent over plain HTTP, msg/s | at rest MiB | then MiB | peak MiB | on disk MiB | a receive of ten, p50 ms |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- | --- |")
	fmt.Printf("| %d | %d | %.0f | %.0f | %.0f | %.0f | %.0f | %.2f |\n\n", sent, eventBytes, float64(sent)/took.Seconds(),
		rest, full, peak, float64(disk)/(1<<20), rig.Percentile(times, 0.5).Seconds()*1e3)
	return nil
}

// size of the files in a folder. Files that go meanwhile do not count.
func size(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err == nil {
			bytes += info.Size()
		}
		return nil
	})
	return bytes, err
}
