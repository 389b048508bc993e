package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"
)

// TestLambdaNode runs a handler with AWS's runtime interface client. That is
// compiled when it is installed, for minutes, so the test takes one that is there:
// SCOPS_AWS_LAMBDA_RIC names its folder.
func TestLambdaNode(t *testing.T) {
	t.Parallel()
	client := os.Getenv("SCOPS_AWS_LAMBDA_RIC")
	if client == "" {
		t.Skip("SCOPS_AWS_LAMBDA_RIC names no folder of the npm package aws-lambda-ric")
	}
	client, err := filepath.Abs(client)
	require.NoError(t, err)
	s := start(t, "lambda: {runtimes: {node_client: "+client+"}}\n")
	source := `
exports.handle = async (event, context) => {
  console.log("hello from node");
  if (event.fail) throw new TypeError("no " + event.fail);
  return { event, arn: context.invokedFunctionArn, table: process.env.TABLE, region: process.env.AWS_REGION };
};
`
	code, err := zipOf(entry{"work.js", 0o644, []byte(source)})
	require.NoError(t, err)
	name := s.function(func(in *lambda.CreateFunctionInput) {
		in.Runtime, in.Handler, in.Code.ZipFile = types.RuntimeNodejs22x, aws.String("work.handle"), code
		in.MemorySize = aws.Int32(512)
		in.Environment = &types.Environment{Variables: map[string]string{"TABLE": "orders"}}
	})
	out := s.invoke(name, event{"district": "강남구"})
	require.Nil(t, out.FunctionError, string(out.Payload))
	require.JSONEq(t, `{"event":{"district":"강남구"},"table":"orders","region":"`+region+`","arn":"arn:aws:lambda:`+region+`:000000000000:function:`+name+`"}`, string(out.Payload))
	out = s.invoke(name, event{"fail": "stock"})
	require.Equal(t, "Unhandled", aws.ToString(out.FunctionError))
	require.True(t, strings.Contains(string(out.Payload), `"errorType":"TypeError"`) && strings.Contains(string(out.Payload), `"errorMessage":"no stock"`), string(out.Payload))
}
