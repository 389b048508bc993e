package athena

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/objects"
)

const (
	maxResultRows = 1000 // a page, the header row included
	// maxResultBytes bounds a page of long values: it ends with the row that
	// exceeds this, and the next page goes on.
	maxResultBytes = 8 << 20
)

// resultPlace is where the next page begins in the result object.
type resultPlace struct {
	QueryID QueryID
	Offset  int64 // bytes
}

// GetQueryResults follows API_GetQueryResults: pages of the result object. The
// header row of a SELECT is the first row of the first page, and only there.
func (s *Service) GetQueryResults(ctx context.Context, in *athena.GetQueryResultsInput) (*athena.GetQueryResultsOutput, error) {
	limit, err := resultLimit(in)
	if err != nil {
		return nil, err
	}
	r, err := s.find(ctx, QueryID(aws.ToString(in.QueryExecutionId)), 0)
	if err != nil {
		return nil, err
	}
	if limit > maxResultRows {
		return nil, invalid(codeInvalidInput, "MaxResults is more than maximum allowed length %d", maxResultRows)
	}
	if err := resultsReady(r); err != nil {
		return nil, err
	}
	place := resultPlace{QueryID: r.ID}
	if in.NextToken != nil {
		if err := decodeToken(*in.NextToken, &place); err != nil {
			return nil, err
		}
		if place.QueryID != r.ID || place.Offset < 0 {
			return nil, invalid(codeMalformedPageToken, "Malformed nextPageToken %s", *in.NextToken)
		}
	}
	out := &athena.GetQueryResultsOutput{
		UpdateCount: r.UpdateCount,
		ResultSet:   &api.ResultSet{Rows: []api.Row{}, ResultSetMetadata: &api.ResultSetMetadata{ColumnInfo: []api.ColumnInfo{}}},
	}
	switch {
	case r.State == api.QueryExecutionStateFailed:
		out.ResultSet.ResultSetMetadata = nil
	case r.Columns != nil:
		out.ResultSet.ResultSetMetadata.ColumnInfo = r.Columns
	}
	rows, next, err := s.readPage(ctx, r, place, limit)
	if err != nil {
		return nil, err
	}
	out.ResultSet.Rows, out.NextToken = rows, next
	return out, nil
}

func resultLimit(in *athena.GetQueryResultsInput) (int, error) {
	switch {
	case in.QueryExecutionId == nil:
		return 0, constraint("Value null at 'queryExecutionId' failed to satisfy constraint: Member must not be null")
	case in.QueryResultType == api.QueryResultTypeDataManifest:
		return 0, notSupported("GetQueryResults", "QueryResultType DATA_MANIFEST")
	case in.MaxResults == nil:
		return maxResultRows, nil
	case *in.MaxResults < 1:
		return 0, constraint("Value at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1")
	}
	return int(*in.MaxResults), nil
}

func resultsReady(r *record) error {
	switch r.State {
	case api.QueryExecutionStateSucceeded:
		return nil
	case api.QueryExecutionStateFailed:
		if r.ResultETag != "" { // the words of a failed Hive statement
			return nil
		}
		return invalid(codeExecutionState, "Query did not finish successfully. Final query state: FAILED")
	case api.QueryExecutionStateCancelled:
		return invalid(codeResultNotFound, "Could not find results")
	}
	return invalid(codeExecutionState, "Query has not yet finished. Current state: %s", r.State)
}

// readPage reads at most limit rows. A full page always has a next one, which
// may be empty, as on AWS.
func (s *Service) readPage(ctx context.Context, r *record, place resultPlace, limit int) ([]api.Row, *string, error) {
	if r.Writes {
		return []api.Row{}, nil, nil
	}
	body, err := s.openResult(ctx, r, place.Offset)
	if err != nil {
		return nil, nil, err
	}
	if body == nil {
		return []api.Row{}, nil, nil
	}
	defer body.Close()
	reader := &rowReader{in: bufio.NewReaderSize(body, 64<<10), plain: strings.HasSuffix(r.OutputLocation, ".txt")}
	rows := []api.Row{}
	for len(rows) < limit && reader.read < maxResultBytes {
		row, err := reader.next()
		if errors.Is(err, io.EOF) {
			return rows, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, row)
	}
	return rows, encodeToken(resultPlace{QueryID: r.ID, Offset: place.Offset + reader.read}), nil
}

// openResult opens the result object at an offset; nil is its end. An object
// that somebody put in its place is refused: rows of it, or a page that begins
// in the middle of one, would pass for the query's.
func (s *Service) openResult(ctx context.Context, r *record, offset int64) (io.ReadCloser, error) {
	bucket, key, err := objects.SplitURI(r.OutputLocation)
	if err != nil {
		return nil, err
	}
	info, err := s.cfg.Objects.Head(ctx, bucket, key)
	if err != nil {
		return nil, resultGone(err)
	}
	if err := r.sameResult(info); err != nil {
		return nil, err
	}
	if offset >= info.Size {
		return nil, nil
	}
	body, info, err := s.cfg.Objects.Get(ctx, bucket, key, offset, -1)
	if err != nil {
		return nil, resultGone(err)
	}
	if err := r.sameResult(info); err != nil { // replaced in between
		body.Close()
		return nil, err
	}
	return body, nil
}

func resultGone(err error) error {
	if errors.Is(err, objects.ErrNoSuchKey) || errors.Is(err, objects.ErrNoSuchBucket) {
		return invalid(codeResultNotFound, "Could not find results")
	}
	return err
}

func (r *record) sameResult(info objects.Info) error {
	if r.ResultETag == "" || info.ETag == r.ResultETag {
		return nil
	}
	return invalid(codeResultNotFound, "Could not find results: %s was replaced after the query", r.OutputLocation)
}

// rowReader reads rows back from a result object: csvText's CSV, in which NULL
// and the empty string differ (encoding/csv cannot tell them apart), or lines.
type rowReader struct {
	in    *bufio.Reader
	plain bool
	read  int64 // bytes of whole rows
}

var errCorruptResult = errors.New("the result object is not one that scops wrote")

func (r *rowReader) next() (api.Row, error) {
	if r.plain {
		return r.line()
	}
	var row api.Row
	for {
		datum, end, err := r.cell()
		if errors.Is(err, io.EOF) && row.Data == nil {
			return row, io.EOF
		}
		if errors.Is(err, io.EOF) {
			return row, errCorruptResult
		}
		if err != nil {
			return row, err
		}
		row.Data = append(row.Data, datum)
		if end {
			return row, nil
		}
	}
}

func (r *rowReader) line() (api.Row, error) {
	text, err := r.in.ReadString('\n')
	if err != nil && (!errors.Is(err, io.EOF) || text == "") {
		return api.Row{}, err
	}
	r.read += int64(len(text))
	return api.Row{Data: []api.Datum{{VarCharValue: aws.String(strings.TrimSuffix(text, "\n"))}}}, nil
}

// cell reads one cell and what ends it, and says whether that ended the row.
func (r *rowReader) cell() (api.Datum, bool, error) {
	c, err := r.byte()
	if err != nil {
		return api.Datum{}, false, err
	}
	var datum api.Datum
	if c == '"' {
		text, err := r.quoted()
		if err != nil {
			return datum, false, err
		}
		datum.VarCharValue = &text
		if c, err = r.byte(); err != nil {
			return datum, false, err
		}
	}
	if c != ',' && c != '\n' {
		return datum, false, errCorruptResult
	}
	return datum, c == '\n', nil
}

func (r *rowReader) quoted() (string, error) {
	var text strings.Builder
	for {
		part, err := r.in.ReadSlice('"')
		r.read += int64(len(part))
		if errors.Is(err, bufio.ErrBufferFull) {
			text.Write(part)
			continue
		}
		if err != nil {
			return "", errCorruptResult
		}
		text.Write(part[:len(part)-1])
		next, err := r.in.Peek(1)
		if err != nil || next[0] != '"' {
			return text.String(), nil
		}
		text.WriteByte('"')
		if _, err := r.byte(); err != nil {
			return "", err
		}
	}
}

func (r *rowReader) byte() (byte, error) {
	c, err := r.in.ReadByte()
	if err == nil {
		r.read++
	}
	return c, err
}
