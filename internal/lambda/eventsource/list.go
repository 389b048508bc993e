package eventsource

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// maxListed is how many mappings a page of ListEventSourceMappings has.
const maxListed = 100

// ListEventSourceMappings lists the mappings of a queue, of a function, or all.
func (s *Service) ListEventSourceMappings(_ context.Context, in *lambda.ListEventSourceMappingsInput) (*lambda.ListEventSourceMappingsOutput, error) {
	limit := maxListed
	if n := in.MaxItems; n != nil {
		if *n < 1 || *n > 10_000 {
			return nil, violation(*n, "maxItems", "have value between 1 and 10000")
		}
		limit = min(int(*n), maxListed)
	}
	after, err := base64.StdEncoding.DecodeString(aws.ToString(in.Marker))
	if err != nil {
		return nil, invalid("Invalid Marker.")
	}
	out := &lambda.ListEventSourceMappingsOutput{EventSourceMappings: []types.EventSourceMappingConfiguration{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	byUUID := slices.SortedFunc(slices.Values(s.workers), func(a, b *worker) int { return strings.Compare(a.mapping.UUID, b.mapping.UUID) })
	for _, w := range byUUID {
		m := &w.mapping
		if m.UUID <= string(after) {
			continue
		}
		if in.EventSourceArn != nil && *in.EventSourceArn != m.Source || in.FunctionName != nil && !s.refersTo(*in.FunctionName, m.Function) {
			continue
		}
		if n := len(out.EventSourceMappings); n == limit {
			last := aws.ToString(out.EventSourceMappings[n-1].UUID)
			out.NextMarker = aws.String(base64.StdEncoding.EncodeToString([]byte(last)))
			break
		}
		out.EventSourceMappings = append(out.EventSourceMappings, *s.show(w))
	}
	return out, nil
}

const functionPart = ":function:"

// functionName is the name, with its qualifier if there is one, in the ARN of a
// function.
func functionName(arn string) string {
	if i := strings.Index(arn, functionPart); i >= 0 {
		return arn[i+len(functionPart):]
	}
	return arn
}

// refersTo tells whether a name, a partial ARN or an ARN means the function of
// the ARN. The function need not exist any more.
func (s *Service) refersTo(name, arn string) bool {
	switch {
	case strings.HasPrefix(name, "arn:"):
		return name == arn
	case strings.Contains(name, functionPart): // ACCOUNT:function:NAME
		return strings.HasSuffix(arn, ":"+name)
	}
	return name == functionName(arn)
}
