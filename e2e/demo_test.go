package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDemo runs what `make demo` runs, with fewer events.
func TestDemo(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out, _, err := (&scops{}).command(ctx, "demo", "--once", "--events", "3000", "--listen", "127.0.0.1:0")
	require.NoError(t, err, out)
	require.Contains(t, out, "Books: 3000 sent = 0 in queue + 0 in flight + 3000 in files + 0 rejected")
	require.Contains(t, out, "The last one was visible in SQL")
}
