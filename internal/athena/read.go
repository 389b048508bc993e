package athena

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"sort"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	api "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/scopsdb/scops/internal/awsapi"
)

// GetQueryExecution follows API_GetQueryExecution; for a query that is not
// finished the answer waits up to Config.Hold.
func (s *Service) GetQueryExecution(ctx context.Context, in *athena.GetQueryExecutionInput) (*athena.GetQueryExecutionOutput, error) {
	if in.QueryExecutionId == nil {
		return nil, constraint("Value null at 'queryExecutionId' failed to satisfy constraint: Member must not be null")
	}
	r, err := s.find(ctx, QueryID(*in.QueryExecutionId), s.cfg.Hold)
	if err != nil {
		return nil, err
	}
	return &athena.GetQueryExecutionOutput{QueryExecution: r.shape()}, nil
}

// BatchGetQueryExecution follows API_BatchGetQueryExecution: at most 50 ids;
// unknown ones are listed apart.
func (s *Service) BatchGetQueryExecution(ctx context.Context, in *athena.BatchGetQueryExecutionInput) (*athena.BatchGetQueryExecutionOutput, error) {
	if n := len(in.QueryExecutionIds); n < 1 || n > 50 {
		return nil, constraint("Value at 'queryExecutionIds' failed to satisfy constraint: Member must have length between 1 and 50")
	}
	out := &athena.BatchGetQueryExecutionOutput{
		QueryExecutions:              []api.QueryExecution{},
		UnprocessedQueryExecutionIds: []api.UnprocessedQueryExecutionId{},
	}
	for _, id := range in.QueryExecutionIds {
		r, err := s.find(ctx, QueryID(id), 0)
		if err == nil {
			out.QueryExecutions = append(out.QueryExecutions, *r.shape())
			continue
		}
		if !isNotFound(err) {
			return nil, err
		}
		out.UnprocessedQueryExecutionIds = append(out.UnprocessedQueryExecutionIds, api.UnprocessedQueryExecutionId{
			QueryExecutionId: aws.String(id),
			ErrorCode:        aws.String(codeExecutionNotFound),
			ErrorMessage:     aws.String("QueryExecution " + id + " was not found"),
		})
	}
	return out, nil
}

// ListQueryExecutions follows API_ListQueryExecutions: ids of a workgroup,
// newest first, at most 50 a page.
func (s *Service) ListQueryExecutions(ctx context.Context, in *athena.ListQueryExecutionsInput) (*athena.ListQueryExecutionsOutput, error) {
	group, err := s.workGroups.get(aws.ToString(in.WorkGroup))
	if err != nil {
		return nil, err
	}
	limit := int(aws.ToInt32(in.MaxResults))
	if limit < 0 || limit > 50 {
		return nil, constraint("Value at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50")
	}
	if limit == 0 {
		limit = 50
	}
	var after *position
	if in.NextToken != nil {
		after = new(position)
		if err := decodeToken(*in.NextToken, after); err != nil {
			return nil, err
		}
	}
	found, err := s.store.list(ctx, aws.ToString(group.Name), after, limit+1)
	if err != nil {
		return nil, err
	}
	out := &athena.ListQueryExecutionsOutput{QueryExecutionIds: []string{}}
	if len(found) > limit {
		found = found[:limit]
		out.NextToken = encodeToken(found[limit-1])
	}
	for _, p := range found {
		out.QueryExecutionIds = append(out.QueryExecutionIds, string(p.ID))
	}
	return out, nil
}

// GetQueryRuntimeStatistics follows API_GetQueryRuntimeStatistics. Stages are
// left out: the embedded engine has none.
func (s *Service) GetQueryRuntimeStatistics(ctx context.Context, in *athena.GetQueryRuntimeStatisticsInput) (*athena.GetQueryRuntimeStatisticsOutput, error) {
	if in.QueryExecutionId == nil {
		return nil, constraint("Value null at 'queryExecutionId' failed to satisfy constraint: Member must not be null")
	}
	r, err := s.find(ctx, QueryID(*in.QueryExecutionId), 0)
	if err != nil {
		return nil, err
	}
	return &athena.GetQueryRuntimeStatisticsOutput{QueryRuntimeStatistics: &api.QueryRuntimeStatistics{
		Timeline: &api.QueryRuntimeStatisticsTimeline{
			EngineExecutionTimeInMillis:      millis(r.Stats.Engine),
			QueryPlanningTimeInMillis:        millis(r.Stats.Planning),
			QueryQueueTimeInMillis:           millis(r.Stats.Queue),
			ServicePreProcessingTimeInMillis: millis(r.Stats.PreProcess),
			ServiceProcessingTimeInMillis:    millis(r.Stats.Service),
			TotalExecutionTimeInMillis:       millis(r.Stats.Total),
		},
		Rows: &api.QueryRuntimeStatisticsRows{
			InputBytes:  aws.Int64(r.Stats.BytesScanned),
			OutputBytes: aws.Int64(r.Stats.ResultBytes),
			OutputRows:  aws.Int64(r.Stats.Rows),
		},
	}}, nil
}

// encodeToken makes a page token of a place.
func encodeToken(place any) *string {
	text, err := json.Marshal(place)
	if err != nil {
		panic(err) // places are plain structs
	}
	return aws.String(base64.RawURLEncoding.EncodeToString(text))
}

func decodeToken(token string, place any) error {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(text, place)
	}
	if err != nil {
		return invalid(codeMalformedPageToken, "Malformed nextPageToken %s", token)
	}
	return nil
}

// namePlace is the place in a list that is ordered by name.
type namePlace struct{ After string }

// pageByName returns one page of names in order, and the token of the next
// page, which is nil (never empty) on the last.
func pageByName(names []string, token *string, maxResults *int32, limit int) ([]string, *string, error) {
	sort.Strings(names)
	var place namePlace
	if token != nil {
		if err := decodeToken(*token, &place); err != nil {
			return nil, nil, err
		}
		at := sort.SearchStrings(names, place.After)
		if at < len(names) && names[at] == place.After {
			at++
		}
		names = names[at:]
	}
	if maxResults != nil {
		if n := int(*maxResults); n < 1 || n > limit {
			return nil, nil, constraint("Value at 'maxResults' failed to satisfy constraint: Member must have value between 1 and %d", limit)
		}
		limit = int(*maxResults)
	}
	if len(names) <= limit {
		return names, nil, nil
	}
	return names[:limit], encodeToken(namePlace{After: names[limit-1]}), nil
}

func isNotFound(err error) bool {
	var e *awsapi.Error
	return errors.As(err, &e) && e.Fields["AthenaErrorCode"] == codeExecutionNotFound
}
