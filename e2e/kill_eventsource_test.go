package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

// TestKillEventSources kills scops at random moments while a function takes
// events from a queue into a table: each event that was acknowledged is in the
// table, and nothing else. It runs with `make killtest`.
func TestKillEventSources(t *testing.T) {
	kills, _ := strconv.Atoi(os.Getenv("SCOPS_KILLS"))
	if kills == 0 {
		t.Skip("SCOPS_KILLS is not set")
	}
	s := start(t, "")
	f := deployLambdas(t, s)
	sent, acknowledged := 0, 0
	for range max(kills/20, 3) {
		dead := make(chan struct{})
		moment := time.Duration(rand.IntN(1500)) * time.Millisecond
		time.AfterFunc(moment, func() {
			defer close(dead)
			s.kill()
		})
		client := s.sender()
		for {
			sent++
			_, err := client.SendMessage(context.Background(), &sqs.SendMessageInput{
				QueueUrl:    f.queue,
				MessageBody: aws.String(fmt.Sprintf(`{"order_id":"%d","action":"order","ordered_at":"2021-02-%02dT03:04:05Z","quantity":1}`, sent, 1+sent%28)),
			})
			if err != nil {
				break
			}
			acknowledged++
		}
		<-dead
		s.run()
	}
	f.awaitDrained()
	n, err := strconv.Atoi(values(t, s.athena(), "SELECT count(DISTINCT order_id) FROM fulfillment.orders")[0][0])
	require.NoError(t, err)
	require.GreaterOrEqual(t, n, acknowledged)
	require.LessOrEqual(t, n, sent)
	t.Logf("%d events sent, %d acknowledged, %d in the table, %s rows", sent, acknowledged, n, values(t, s.athena(), "SELECT count(*) FROM fulfillment.orders")[0][0])
}
