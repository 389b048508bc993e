package e2e

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEnvTellsTheRunningScops: the endpoint and the region are those of the
// process that serves the data folder.
func TestEnvTellsTheRunningScops(t *testing.T) {
	t.Setenv("AWS_REGION", "us-east-1")
	s := start(t, "region: eu-west-1")
	out, _, err := s.command(context.Background(), "env", "--data", s.data)
	require.NoError(t, err)
	require.Equal(t, "export AWS_ENDPOINT_URL="+s.endpoint+
		"\nexport AWS_ACCESS_KEY_ID="+s.keyID+"\nexport AWS_SECRET_ACCESS_KEY="+s.secret+
		"\nexport AWS_REGION=eu-west-1\nexport AWS_DEFAULT_REGION=eu-west-1\nunset AWS_SESSION_TOKEN AWS_PROFILE\n", out)
	t.Setenv("SCOPS_REGION", "ap-south-1")
	out, _, err = s.command(context.Background(), "env", "--data", s.data)
	require.NoError(t, err)
	require.Contains(t, out, "AWS_REGION=ap-south-1\n")
}

func TestServeRefusesHalfAFlag(t *testing.T) {
	s := &scops{t: t}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--tls-cert", "a.pem"}, "give both --tls-cert and --tls-key"},
		{[]string{"--tls-cert", "a.pem", "--tls-key", "b.pem"}, "need --tls-listen"},
		{[]string{"--log-format", "xml"}, "--log-format"},
		{[]string{"--log-level", "loud"}, "--log-level"},
		{[]string{"--config", "absent.yaml"}, "absent.yaml"},
	} {
		_, stderr, err := s.command(context.Background(), append([]string{"serve", "--data", t.TempDir()}, c.args...)...)
		require.Error(t, err)
		require.Contains(t, stderr, c.want)
	}
}
