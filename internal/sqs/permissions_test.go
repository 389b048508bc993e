package sqs

import (
	"fmt"
	"testing"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

func (f *fixture) addPermission(label string, accounts, actions []string) error {
	_, err := f.AddPermission(f.ctx, &awssqs.AddPermissionInput{QueueUrl: &f.url, Label: &label, AWSAccountIds: accounts, Actions: actions})
	return err
}

func (f *fixture) removePermission(label string) error {
	_, err := f.RemovePermission(f.ctx, &awssqs.RemovePermissionInput{QueueUrl: &f.url, Label: &label})
	return err
}

// The policies are those that AWS answered in LocalStack's validated test.
func TestPermissions(t *testing.T) {
	f := newFixture(t)
	policy := func() string { return f.get(t, "Policy")["Policy"] }
	const head = `{"Version":"2008-10-17","Id":"` + arnPrefix + `orders/SQSDefaultPolicy","Statement":[`
	statement := func(label, principal, action string) string {
		return fmt.Sprintf(`{"Sid":"%s","Effect":"Allow","Principal":{"AWS":%s},"Action":%s,"Resource":"%sorders"}`, label, principal, action, arnPrefix)
	}
	one := `"arn:aws:iam::111111111111:root"`
	require.NoError(t, f.addPermission("crossaccountpermission", []string{"668614515564", "111111111111"}, []string{"ReceiveMessage"}))
	require.Equal(t, head+statement("crossaccountpermission", `["arn:aws:iam::668614515564:root",`+one+`]`, `"SQS:ReceiveMessage"`)+"]}", policy())
	require.NoError(t, f.removePermission("crossaccountpermission"))
	require.Empty(t, policy())

	require.NoError(t, f.addPermission("a", []string{"111111111111"}, []string{"*", "SendMessage"}))
	require.NoError(t, f.addPermission("b", []string{"111111111111"}, []string{"ReceiveMessage"}))
	b := statement("b", one, `"SQS:ReceiveMessage"`)
	require.Equal(t, head+statement("a", one, `["SQS:*","SQS:SendMessage"]`)+","+b+"]}", policy())
	require.NoError(t, f.removePermission("a"))
	require.Equal(t, head+b+"]}", policy())

	own := `{"Version":"2012-10-17","Statement":{"Sid":"own","Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}}`
	require.NoError(t, f.set(map[string]string{"Policy": own}))
	require.Equal(t, own, policy(), "as it was set")
	require.NoError(t, f.addPermission("b", []string{"111111111111"}, []string{"ReceiveMessage"}))
	require.Contains(t, policy(), `"Condition":{"Bool":{"aws:SecureTransport":"false"}}},{"Sid":"b"`)
	require.NoError(t, f.removePermission("own"))
	require.Equal(t, `{"Version":"2012-10-17","Statement":[`+b+`]}`, policy())
	require.NoError(t, f.set(map[string]string{"Policy": ""}))
	require.Empty(t, policy())
}

func TestPermissionRefusals(t *testing.T) {
	f := newFixture(t)
	account, receive := []string{"111111111111"}, []string{"ReceiveMessage"}
	require.NoError(t, f.addPermission("taken", account, receive))
	const value, valueQ = "InvalidParameterValueException", "InvalidParameterValue"
	for name, c := range map[string]struct {
		err                      error
		code, queryCode, message string
	}{
		"label twice":   {f.addPermission("taken", account, receive), value, valueQ, "Value taken for parameter Label is invalid. Reason: Already exists."},
		"no such label": {f.removePermission("none"), value, valueQ, "Value none for parameter Label is invalid. Reason: can't find label."},
		"no label":      {f.addPermission("", account, receive), "MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter Label."},
		"no accounts":   {f.addPermission("a", nil, receive), value, valueQ, "Value [] for parameter PrincipalId is invalid. Reason: Unable to verify."},
		"no actions":    {f.addPermission("a", account, nil), "MissingRequiredParameterException", "MissingParameter", "The request must contain the parameter Actions."},
		"account":       {f.addPermission("a", []string{"abc"}, receive), value, valueQ, "Value [abc] for parameter PrincipalId is invalid. Reason: Unable to verify."},
		"action":        {f.addPermission("a", account, []string{"Foo"}), value, valueQ, "Value SQS:Foo for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions. "},
		"owner's":       {f.addPermission("a", account, []string{"DeleteQueue"}), value, valueQ, "Value SQS:DeleteQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action."},
		"many actions":  {f.addPermission("a", account, make([]string, 8)), "OverLimit", "OverLimit", "8 Actions were found, maximum allowed is 7."},
		"policy":        {f.set(map[string]string{"Policy": "x"}), "InvalidAttributeValue", "InvalidAttributeValue", "Invalid value for the parameter Policy."},
	} {
		t.Run(name, func(t *testing.T) { requireCode(t, c.err, c.code, c.queryCode, c.message) })
	}
}
