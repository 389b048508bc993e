package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLambdaLogs(t *testing.T) {
	t.Parallel()
	s, ctx := shared(t), context.Background()
	name := s.function()
	s.invoke(name, event{"do": "print", "text": "first <event>"})
	out, stderr, err := s.command(ctx, "logs", name, "--data", s.data)
	require.NoError(t, err, stderr)
	var messages []string
	for line := range strings.Lines(out) {
		_, message, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		messages = append(messages, message)
	}
	require.Len(t, messages, 4, out)
	require.Regexp(t, `^START RequestId: [0-9a-f-]{36} Version: \$LATEST$`, messages[0])
	require.Equal(t, "first <event>", messages[1])
	require.Regexp(t, `^END RequestId: [0-9a-f-]{36}$`, messages[2])
	require.Regexp(t, `^REPORT RequestId: [0-9a-f-]{36}\tDuration: [0-9.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [0-9.]+ ms$`, messages[3])

	path, err := binary()
	require.NoError(t, err)
	follow := exec.CommandContext(ctx, path, "logs", name, "--data", s.data, "--follow", "--json", "--limit", "1")
	pipe, err := follow.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, follow.Start())
	defer follow.Wait() //nolint:errcheck // it is killed
	defer follow.Process.Kill()
	lines := bufio.NewScanner(pipe)
	next := func() (l struct{ Time, Stream, Message string }) {
		require.True(t, lines.Scan())
		require.NoError(t, json.Unmarshal(lines.Bytes(), &l))
		return l
	}
	require.True(t, strings.HasPrefix(next().Message, "REPORT "), "the newest line")
	s.invoke(name, event{"do": "print", "text": "second"})
	require.True(t, strings.HasPrefix(next().Message, "START "))
	l := next()
	require.Equal(t, "second", l.Message)
	require.Regexp(t, `^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$`, l.Stream)

	_, stderr, err = s.command(ctx, "logs", "nothing", "--data", s.data)
	require.Error(t, err)
	require.Contains(t, stderr, "Function not found")
}
