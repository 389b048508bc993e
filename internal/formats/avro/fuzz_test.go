package avro

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/scopsdb/scops/internal/formats"
	"github.com/scopsdb/scops/internal/formats/formatstest"
)

// FuzzRead reads broken files: an error of a known kind or rows, never a panic.
func FuzzRead(f *testing.F) {
	for _, codec := range []string{"null", "deflate", "snappy", "zstandard", "bzip2"} {
		b, err := os.ReadFile("testdata/" + codec + ".avro")
		require.NoError(f, err)
		h, err := readHeader(newCounted(bytes.NewReader(b), 0))
		require.NoError(f, err)
		end := bytes.Index(b[h.size:], h.sync[:])
		f.Add(b[:int(h.size)+end+syncSize]) // one block
	}
	columns := formatstest.Columns(f, append([]string{"row struct<a:int,b:string>"}, tableOf...)...)
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Open(bytes.NewReader(b), int64(len(b)), 0, -1, columns, nil)
		if err == nil {
			_, err = formatstest.ReadAll(&limited{r, 5000}, columns, 64)
		}
		var corrupt *CorruptError
		var unsupported *UnsupportedError
		if err != nil && !errors.As(err, &corrupt) && !errors.As(err, &unsupported) && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
	})
}

// limited ends after some rows: records of no bytes may be many.
type limited struct {
	*Reader
	left int
}

func (l *limited) Read(to []*formats.Vector, most int) (int, error) {
	if l.left <= 0 {
		return 0, io.EOF
	}
	n, err := l.Reader.Read(to, most)
	l.left -= n
	return n, err
}
