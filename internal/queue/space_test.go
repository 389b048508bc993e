package queue

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"
)

// smallDisk mounts a file system of the given size.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting a small file system needs root")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("cannot mount a tmpfs: %v: %s", err, out)
	}
	t.Cleanup(func() { exec.Command("umount", dir).Run() })
	return dir
}

// TestDiskFull fills a small disk by sending. Sends are refused with ErrNoSpace,
// deletions still work, nothing acknowledged is lost, and when space returns so
// do sends.
func TestDiskFull(t *testing.T) {
	disk := smallDisk(t, "48m")
	dir := filepath.Join(disk, "queue")
	o := Options{MemTableSize: 1 << 20, Reserve: 12 << 20}
	s := openTest(t, dir, o)
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))

	sent := fillDisk(t, s)
	require.NotEmpty(t, sent)
	got := receive(t, s, 10)
	require.Len(t, got, 10)
	_, err := s.Delete(t.Context(), orders, []ReceiptHandle{got[0].Receipt})
	require.NoError(t, err, "a full disk can still be emptied")
	require.Equal(t, int64(len(sent)-1), counts(t, s).Stored())

	// Someone else takes all the rest, also what a compaction frees: nothing can
	// be written now, and the store must survive that too.
	filler, err := os.Create(filepath.Join(disk, "filler"))
	require.NoError(t, err)
	defer filler.Close()
	eventually(t, func() bool {
		fill(filler)
		_, err := s.Delete(t.Context(), orders, []ReceiptHandle{got[1].Receipt})
		return errors.Is(err, ErrNoSpace)
	})
	for range 20 { // it stays refused, and alive
		fill(filler)
		_, err = s.Send(t.Context(), orders, []Message{{Body: "more"}})
		require.ErrorIs(t, err, ErrNoSpace)
	}
	require.NoError(t, os.Remove(filler.Name()))
	require.NoError(t, filler.Close())

	require.NoError(t, s.Purge(t.Context(), orders))
	eventually(t, func() bool {
		_, err := s.Send(t.Context(), orders, []Message{{Body: "again"}})
		if err == nil {
			return true
		}
		require.ErrorIs(t, err, ErrNoSpace)
		return false
	})
	require.NoError(t, s.Close())
	s = openTest(t, dir, o)
	require.Equal(t, []string{"again"}, bodies(receive(t, s, 10)))
}

// TestDiskFullRestart finds every acknowledged message after a restart on the
// full disk.
func TestDiskFullRestart(t *testing.T) {
	disk := smallDisk(t, "40m")
	o := Options{} // the sizes follow the disk
	s := openTest(t, filepath.Join(disk, "queue"), o)
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	sent := fillDisk(t, s)
	require.NoError(t, s.Close())
	s = openTest(t, filepath.Join(disk, "queue"), o)
	var found []string
	for {
		got := receive(t, s, 100)
		if len(got) == 0 {
			break
		}
		for _, r := range got {
			id, _, _ := strings.Cut(r.Body, " ")
			found = append(found, id)
		}
	}
	require.Equal(t, sent, found)
}

// TestBallast lets a write fail although space was there when it was checked:
// the ballast makes room, and the write succeeds.
func TestBallast(t *testing.T) {
	disk := smallDisk(t, "24m")
	s := openTest(t, filepath.Join(disk, "queue"), Options{MemTableSize: 2 << 20, Reserve: 1})
	require.NoError(t, s.CreateQueue(t.Context(), orders, DefaultAttributes()))
	require.False(t, s.space.sunk.Load())
	s.space.inner = blind{s.space.inner}
	sent := fillDisk(t, s)
	require.True(t, s.space.sunk.Load(), "the ballast was needed")
	require.Equal(t, int64(len(sent)), counts(t, s).Sent)
}

// blind is a file system that does not see the disk filling up until it gave up
// its ballast.
type blind struct{ vfs.FS }

func (b blind) GetDiskUsage(dir string) (vfs.DiskUsage, error) {
	if _, err := b.Stat(filepath.Join(dir, ballastName)); err == nil {
		return vfs.DiskUsage{AvailBytes: 1 << 40}, nil
	}
	return b.FS.GetDiskUsage(dir)
}

// fillDisk sends until it is refused and returns the marks of what was
// acknowledged.
func fillDisk(t *testing.T, s *Store) (sent []string) {
	t.Helper()
	noise := make([]byte, 32<<10) // does not compress
	rng := rand.NewChaCha8([32]byte{})
	deadline := time.Now().Add(20 * time.Second)
	for i := 0; time.Now().Before(deadline); i++ {
		rng.Read(noise)
		id := fmt.Sprint(i)
		_, err := s.Send(t.Context(), orders, []Message{{Body: id + " " + string(noise)}})
		if errors.Is(err, ErrNoSpace) {
			return sent
		}
		require.NoError(t, err)
		sent = append(sent, id)
	}
	t.Fatal("the disk did not get full")
	return nil
}

// fill writes until the disk is full.
func fill(f *os.File) {
	for block := make([]byte, 64<<10); ; {
		if _, err := f.Write(block); err != nil {
			return
		}
	}
}
