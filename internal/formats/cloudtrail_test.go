package formats

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// scanAll reads a file with all columns and gives its rows.
func scanAll(t testing.TB, f Format, columns []Column, name, content string) ([]string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	s, err := NewScan(f, columns, len(columns), []SourceFile{{Path: path, URI: "s3://b/" + name, Size: int64(len(content))}})
	require.NoError(t, err)
	w, err := s.Begin().NewWorker()
	require.NoError(t, err)
	defer w.Close()
	var out []string
	for {
		n, err := w.Next(context.Background())
		if err != nil || n == 0 {
			return out, err
		}
		for i := range n {
			cells := make([]string, len(columns))
			for c, v := range w.Vectors {
				cells[c] = show(v, i)
			}
			out = append(out, strings.Join(cells, " "))
		}
	}
}

const trail = `{"Records":[{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"joe"},"eventTime":"2021-02-03T04:05:06Z","requestParameters":{"bucketName": "b", "n": [1, 2.5, 1e10, true, null], "u":"\u00e9\n\u0001/"},"responseElements":null,"additionalEventData":"text","resources":[{"ARN":"arn:x","accountId":"1"}]},{"eventVersion":"1.09","requestParameters":7}]}`

func TestCloudTrail(t *testing.T) {
	columns := columnsOf(t, "eventversion string", "useridentity struct<type:string,username:string>", "useridentity_as_string string", "eventtime string",
		"requestparameters string", "responseelements string", "additionaleventdata string", "resources array<struct<arn:string,accountid:string>>")
	for _, library := range []string{SerDeCloudTrail, SerDeHiveJSON} {
		f, err := Detect(library, inputCloudTrail, map[string]string{"serialization.format": "1"}, nil)
		require.NoError(t, err)
		want := []string{
			`"1.08" ("IAMUser","joe") "{\"type\":\"IAMUser\",\"userName\":\"joe\"}" "2021-02-03T04:05:06Z" "{\"bucketName\":\"b\",\"n\":[1,2.5,1.0E10,true,null],\"u\":\"é\\n\\u0001/\"}" NULL "\"text\"" [("arn:x","1")]`,
			`"1.09" NULL NULL NULL "7" NULL NULL NULL`,
		}
		got, err := scanAll(t, f, columns, "log.json", trail)
		require.NoError(t, err)
		require.Equal(t, want, got)
		got, err = scanAll(t, f, columns, "log.json.gz", string(compressed(t, ".gz", trail+"\n"+trail+"\n\n")))
		require.NoError(t, err)
		require.Equal(t, append(want, want...), got)
		got, err = scanAll(t, f, columns, "digest.json", `{"digestStartTime":"x"}`)
		require.NoError(t, err)
		require.Empty(t, got)
		for content, text := range map[string]string{"{\"Records\":[]}\nx": "not a JSON object: file s3://b/f, line 2", `{"Records":[1]}`: "an element of Records", `{"Records":[{}`: "invalid JSON at character"} {
			_, err := scanAll(t, f, columns, "f", content)
			require.ErrorContains(t, err, text)
		}
	}
	_, err := Detect(SerDeCloudTrail, inputText, nil, nil)
	require.ErrorContains(t, err, inputCloudTrail)
	_, err = Detect(SerDeOpenXJSON, inputCloudTrail, nil, nil)
	require.ErrorContains(t, err, inputCloudTrail)
}

func FuzzCloudTrail(f *testing.F) {
	f.Add([]byte(trail))
	f.Fuzz(func(t *testing.T, line []byte) {
		r := &records{}
		if r.open(line) != nil {
			return
		}
		for record, ok := r.next(); ok; record, ok = r.next() {
			_, _ = decodeAny(t, Format{Kind: JSON, JSON: JSONOptions{Hive: true, CloudTrail: true}}, columnsOf(t, "eventversion string", "requestparameters string", identityText+" string"), record)
		}
	})
}
