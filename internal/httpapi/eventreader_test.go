package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

// readAll returns what a reader gives: "line text", and "line !error".
func readAll(r eventReader) (out []string) {
	for {
		text, line, err := r.next()
		switch err {
		case nil:
			out = append(out, fmt.Sprintf("%d %s", line, text))
		case io.EOF:
			return out
		case errTooLong:
			out = append(out, fmt.Sprintf("%d !too long", line))
		default:
			return append(out, "!"+err.Error())
		}
	}
}

func TestSplit(t *testing.T) {
	long := `{"a":"` + strings.Repeat("x", maxEventBytes) + `"}`
	const nd, js = "application/x-ndjson", "application/json"
	for _, c := range []struct {
		name, contentType, body string
		want                    []string
	}{
		{"lines", nd, "{\"a\":1}\r\n\n  \n{\"b\":\n{\"c\":1} ", []string{`1 {"a":1}`, `4 {"b":`, `5 {"c":1}`}},
		{"nothing", nd, "", nil},
		{"empty lines", nd, "\n \n", nil},
		{"a long line", nd, "1\n" + long + "\n3\n" + long, []string{"1 1", "2 !too long", "3 3", "4 !too long"}},
		{"one object", js, "{\n \"a\": [1, {}, \"}\\\"\"]\n}\n", []string{"1 {\n \"a\": [1, {}, \"}\\\"\"]\n}"}},
		{"lines called JSON", js, "\n{\"a\":1}\n{\"b\":}\n{\"c\":1}", []string{`2 {"a":1}`, `3 {"b":}`, `4 {"c":1}`}},
		{"an array", js, " [ {\"a\":\"]\"} , {\"b\":},3,\"x,\",[1,[2]] ,null ] ", []string{`1 {"a":"]"}`, `2 {"b":}`, `3 3`, `4 "x,"`, `5 [1,[2]]`, `6 null`}},
		{"an empty array", js, "[ ]", nil},
		{"a long element", js, "[1," + long + ",3]", []string{"1 1", "2 !too long", "3 3"}},
		{"objects in a row", js, "{\"a\":\n1}{\"b\":2} {\"c\":3}", []string{"1 {\"a\":\n1}", `2 {"b":2}`, `3 {"c":3}`}},
		{"an object without its end", js, `{"a":1`, []string{`1 {"a":1`}},
		{"an array without its end", js, `[1,2`, []string{"1 1", "2 2", "!the array does not end"}},
		{"an array without its comma", js, `[{} {}]`, []string{"1 {}", "!a comma or ] is wanted after element 1 of the array"}},
		{"a comma too many", js, `[1,]`, []string{"1 1", `!a value is wanted after 1 of them, found ']'`}},
		{"after the array", js, `[1] 2`, []string{"1 1", "!something follows the array"}},
		{"after the empty array", js, `[] 2`, []string{"!something follows the array"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, readAll(splitters[c.contentType](strings.NewReader(c.body))))
			require.Equal(t, c.want, readAll(splitters[c.contentType](iotest.OneByteReader(strings.NewReader(c.body)))))
		})
	}
}

func compressed(t testing.TB, encoding string, body []byte) []byte {
	var b bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&b)
	if encoding == "zstd" {
		var err error
		w, err = zstd.NewWriter(&b)
		require.NoError(t, err)
	}
	_, err := w.Write(body)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func TestDecompress(t *testing.T) {
	for _, encoding := range []string{"gzip", "zstd"} {
		text := compressed(t, encoding, []byte("{}\n{}\n"))
		r, aerr := decompress(encoding, bytes.NewReader(text))
		require.Nil(t, aerr)
		require.Equal(t, []string{"1 {}", "2 {}"}, readAll(newLines(r)))

		r, aerr = decompress(encoding, bytes.NewReader(text[:len(text)-1]))
		require.Nil(t, aerr)
		_, err := io.ReadAll(r)
		require.ErrorContains(t, err, "the body is broken "+encoding)

		// A few kilobytes that would be more than is taken: nothing of it is kept.
		bomb := compressed(t, encoding, make([]byte, 1<<20))
		r, aerr = decompress(encoding, &repeated{text: bomb})
		require.Nil(t, aerr)
		n, err := io.Copy(io.Discard, r)
		require.ErrorContains(t, err, "larger than 268435456 bytes when decompressed")
		require.LessOrEqual(t, n, int64(maxDecompressed))
	}
	_, aerr := decompress("gzip", strings.NewReader("{}"))
	require.ErrorContains(t, aerr, "the body is not gzip")
	_, aerr = decompress("br", strings.NewReader("{}"))
	require.Equal(t, 415, aerr.HTTPStatus())
}

// repeated is a text again and again: both formats allow members in a row.
type repeated struct {
	text []byte
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// FuzzSplit holds the splitters against encoding/json: of a valid array they give
// the elements, of lines the lines.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{`[{"a":"]"},2,[3,"\""],null]`, "{\"a\":1}\n{\"b\":2}\n", "{\n}", `[1,`, "\xff", `{"a":"\\"}x`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var want []string
		for i, line := range strings.Split(body, "\n") {
			if line = string(bytes.TrimSpace([]byte(line))); line != "" {
				want = append(want, fmt.Sprintf("%d %s", i+1, line))
			}
		}
		require.Equal(t, want, readAll(newLines(strings.NewReader(body))))

		got := readAll(lookAtJSON(strings.NewReader(body)))
		require.Equal(t, got, readAll(lookAtJSON(iotest.OneByteReader(strings.NewReader(body)))))
		var elements []json.RawMessage
		if strings.HasPrefix(strings.TrimLeft(body, " \t\r\n"), "[") && json.Unmarshal([]byte(body), &elements) == nil {
			require.Len(t, got, len(elements))
			for i, e := range elements {
				require.Equal(t, fmt.Sprintf("%d %s", i+1, e), got[i])
			}
		}
	})
}
