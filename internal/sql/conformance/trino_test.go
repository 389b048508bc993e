package conformance

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"github.com/scopsdb/scops/internal/sql/types"
)

// page is an answer of Trino's client protocol.
type page struct {
	NextURI string `json:"nextUri"`
	Columns []struct{ Name, Type string }
	Data    [][]any
	Error   *struct {
		Message       string
		ErrorName     string
		ErrorLocation *struct{ LineNumber, ColumnNumber int }
	}
}

// askTrino runs a query on a server; names without a catalog are in schema.
func askTrino(server, schema, query string) (answer, error) {
	next := server + "/v1/statement"
	method, body := http.MethodPost, query
	var columns []types.Type
	var names, rows []string
	for next != "" {
		p, err := fetch(method, next, schema, body)
		if err != nil {
			return answer{}, err
		}
		if e := p.Error; e != nil {
			if e.ErrorLocation == nil {
				return errorCase(e.ErrorName, ""), nil
			}
			return errorCase(e.ErrorName, fmt.Sprintf("%d:%d", e.ErrorLocation.LineNumber, e.ErrorLocation.ColumnNumber)), nil
		}
		if columns == nil {
			for _, c := range p.Columns {
				t, err := types.Parse(c.Type)
				if err != nil {
					return answer{}, fmt.Errorf("%s: %w", query, err)
				}
				columns, names = append(columns, t), append(names, c.Name+" "+t.String())
			}
		}
		for _, r := range p.Data {
			cells := make([]string, len(r))
			for i, v := range r {
				cells[i] = trinoText(columns[i], v)
			}
			rows = append(rows, strings.Join(cells, " | "))
		}
		method, next, body = http.MethodGet, p.NextURI, ""
	}
	return answer{strings.Join(names, ", "), joinRows(query, rows)}, nil
}

func fetch(method, url, schema, body string) (*page, error) {
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	name, schema, _ := strings.Cut(schema, ".")
	for k, v := range map[string]string{"User": "scops", "Time-Zone": "UTC", "Catalog": name, "Schema": schema, "Client-Capabilities": "PARAMETRIC_DATETIME"} {
		req.Header.Set("X-Trino-"+k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(resp.Body); err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", resp.Status, out.String())
	}
	dec := json.NewDecoder(&out)
	dec.UseNumber()
	var p page
	return &p, dec.Decode(&p)
}

// joinRows puts rows together, in order where the query gives one.
func joinRows(query string, rows []string) string {
	if !strings.Contains(strings.ToUpper(query), "ORDER BY") {
		sort.Strings(rows)
	}
	return strings.Join(rows, " ; ")
}

// trinoText is a value of the protocol as scops prints it; entries of maps are
// in the order of their text.
func trinoText(t types.Type, v any) string {
	if v == nil {
		return "NULL"
	}
	switch x := v.(type) {
	case []any:
		out := make([]string, len(x))
		for i, e := range x {
			if t.Kind == types.Array {
				out[i] = nested(trinoText(t.Elem(), e))
				continue
			}
			out[i] = nested(trinoText(t.Fields[i].Type, e))
			if name := t.Fields[i].Name; name != "" {
				out[i] = name + "=" + out[i]
			}
		}
		if t.Kind == types.Array {
			return "[" + strings.Join(out, ", ") + "]"
		}
		return "{" + strings.Join(out, ", ") + "}"
	case map[string]any:
		if t.Kind == types.BingTile {
			return fmt.Sprintf("{x=%v, y=%v, zoom=%v}", x["x"], x["y"], x["zoom"])
		}
		var out []string
		for k, e := range x {
			out = append(out, nested(trinoText(t.Key(), k))+"="+nested(trinoText(t.Value(), e)))
		}
		sort.Strings(out)
		return "{" + strings.Join(out, ", ") + "}"
	case bool:
		return strconv.FormatBool(x)
	}
	text := fmt.Sprint(v)
	switch t.Kind {
	case types.Double:
		f, _ := strconv.ParseFloat(text, 64)
		return string(types.AppendDouble(nil, f))
	case types.Real:
		f, _ := strconv.ParseFloat(text, 32)
		return string(types.AppendText(nil, types.RealType, float32(f)))
	case types.Varbinary, types.HyperLogLog, types.P4HyperLogLog, types.TDigest, types.SetDigest:
		raw, _ := base64.StdEncoding.DecodeString(text)
		text, _ = types.Text(t, raw)
	}
	return text
}

func nested(text string) string {
	if text == "NULL" {
		return "null"
	}
	return text
}
