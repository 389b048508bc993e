package sqs

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/scopsdb/scops/internal/awsapi"
	"github.com/scopsdb/scops/internal/queue"
)

const (
	policyAttribute = "Policy"

	maxActions    = 7  // of a statement
	maxStatements = 20 // of a policy
)

var (
	labelPattern   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)
	accountPattern = regexp.MustCompile(`^\d{12}$`)
)

// ownerOnly are the operations that a policy cannot give to others:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-customer-managed-policy-examples.html
var ownerOnly = []string{
	"AddPermission", "CancelMessageMoveTask", "CreateQueue", "DeleteQueue", "ListMessageMoveTasks", "ListQueues", "ListQueueTags",
	"RemovePermission", "SetQueueAttributes", "StartMessageMoveTask", "TagQueue", "UntagQueue",
}

// setPolicy keeps an access policy as it was set. scops has one account, whose
// key may do everything, so that nothing is left for a policy to allow.
func setPolicy(a *queue.Attributes, name, text string) error {
	if text != "" {
		var p map[string]any
		if err := json.Unmarshal([]byte(text), &p); err != nil || p == nil {
			return badAttribute(name)
		}
	}
	setExtra(a, name, text)
	return nil
}

// statement is what AddPermission adds to a policy. The members stand in the
// order in which AWS writes them.
type statement struct {
	Sid       string
	Effect    string
	Principal map[string]any
	Action    any
	Resource  string
}

// policy is a policy whose statements are kept as they are.
type policy struct {
	Version   string
	ID        string `json:"Id,omitempty"`
	Statement []json.RawMessage
}

// AddPermission adds a statement to the queue's policy.
func (s *Service) AddPermission(ctx context.Context, in *awssqs.AddPermissionInput) (*empty, error) {
	name, err := queueName(value(in.QueueUrl))
	if err != nil {
		return nil, err
	}
	if err := checkPermission(in, s.operations()); err != nil {
		return nil, err
	}
	arn := awsapi.RequestFrom(ctx).ARN("sqs", string(name))
	return s.update(ctx, name, func(a *queue.Attributes) error {
		p, err := readPolicy(a, arn)
		if err != nil {
			return err
		}
		if p.find(*in.Label) >= 0 {
			return invalidValue(*in.Label, "Label", "Already exists.")
		}
		if len(p.Statement) >= maxStatements {
			return overLimit("%d statements were found, maximum allowed is %d.", len(p.Statement)+1, maxStatements)
		}
		text, err := json.Marshal(newStatement(in, arn))
		if err != nil {
			return err
		}
		p.Statement = append(p.Statement, text)
		return p.write(a)
	})
}

func checkPermission(in *awssqs.AddPermissionInput, operations []string) error {
	switch label := value(in.Label); {
	case label == "":
		return missing("Label")
	case !labelPattern.MatchString(label):
		return invalidValue(shorten(label), "Label", "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.")
	case len(in.AWSAccountIds) == 0:
		return badPrincipal("")
	case len(in.Actions) == 0:
		return missing("Actions")
	case len(in.Actions) > maxActions:
		return overLimit("%d Actions were found, maximum allowed is %d.", len(in.Actions), maxActions)
	}
	for _, id := range in.AWSAccountIds {
		if !accountPattern.MatchString(id) {
			return badPrincipal(id)
		}
	}
	for _, action := range in.Actions {
		if slices.Contains(ownerOnly, action) {
			return invalidValue("SQS:"+action, "ActionName", "Only the queue owner is allowed to invoke this action.")
		}
		if action != "*" && !slices.Contains(operations, action) {
			return invalidValue("SQS:"+shorten(action), "ActionName", "Please refer to the appropriate WSDL for a list of valid actions. ")
		}
	}
	return nil
}

func badPrincipal(id string) error {
	return invalidValue("["+shorten(id)+"]", "PrincipalId", "Unable to verify.")
}

// operations are the names of all operations.
func (s *Service) operations() (names []string) {
	for _, op := range s.API().Operations {
		names = append(names, op.Name)
	}
	return names
}

func newStatement(in *awssqs.AddPermissionInput, arn string) statement {
	accounts, actions := make([]string, len(in.AWSAccountIds)), make([]string, len(in.Actions))
	for i, id := range in.AWSAccountIds {
		accounts[i] = fmt.Sprintf("arn:aws:iam::%s:root", id)
	}
	for i, action := range in.Actions {
		actions[i] = "SQS:" + action
	}
	return statement{Sid: *in.Label, Effect: "Allow", Principal: map[string]any{"AWS": oneOrMany(accounts)}, Action: oneOrMany(actions), Resource: arn}
}

// oneOrMany is how policies write a list: one item stands alone.
func oneOrMany(items []string) any {
	if len(items) == 1 {
		return items[0]
	}
	return items
}

// RemovePermission removes a statement from the queue's policy.
func (s *Service) RemovePermission(ctx context.Context, in *awssqs.RemovePermissionInput) (*empty, error) {
	name, err := queueName(value(in.QueueUrl))
	if err != nil {
		return nil, err
	}
	label := value(in.Label)
	if label == "" {
		return nil, missing("Label")
	}
	return s.update(ctx, name, func(a *queue.Attributes) error {
		p, err := readPolicy(a, "")
		if err != nil {
			return err
		}
		at := p.find(label)
		if at < 0 {
			return invalidValue(shorten(label), "Label", "can't find label.")
		}
		p.Statement = slices.Delete(p.Statement, at, at+1)
		return p.write(a)
	})
}

// readPolicy reads the queue's policy, or begins one.
func readPolicy(a *queue.Attributes, arn string) (*policy, error) {
	p := &policy{Version: "2008-10-17", ID: arn + "/SQSDefaultPolicy"}
	text := a.Extra[policyAttribute]
	if text == "" {
		return p, nil
	}
	var given struct {
		Version   string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &given); err != nil {
		return nil, badAttribute(policyAttribute)
	}
	p.Version, p.ID = given.Version, given.ID
	if s := strings.TrimSpace(string(given.Statement)); s == "" {
		return p, nil
	} else if s[0] == '{' { // a statement alone
		p.Statement = []json.RawMessage{given.Statement}
		return p, nil
	}
	if err := json.Unmarshal(given.Statement, &p.Statement); err != nil {
		return nil, badAttribute(policyAttribute)
	}
	return p, nil
}

// find returns the place of a statement; -1: there is none.
func (p *policy) find(label string) int {
	return slices.IndexFunc(p.Statement, func(text json.RawMessage) bool {
		var s struct{ Sid string }
		return json.Unmarshal(text, &s) == nil && s.Sid == label
	})
}

// write keeps the policy, or removes one that says nothing.
func (p *policy) write(a *queue.Attributes) error {
	if len(p.Statement) == 0 {
		setExtra(a, policyAttribute, "")
		return nil
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	setExtra(a, policyAttribute, string(text))
	return nil
}
