package e2e

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

// sendLarge sends events of 1 MiB from four senders, which does not compress
// well.
func sendLarge(t *testing.T, s *scops, from, count int) {
	t.Helper()
	noise := make([]byte, 2*mebibyte)
	random := rand.New(rand.NewPCG(1, 1))
	for i := range noise {
		noise[i] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"[random.IntN(64)]
	}
	work := make(chan int)
	var senders sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		senders.Go(func() {
			c := s.sender()
			for id := range work {
				head := fmt.Sprintf(`{"id":%d,"name":"`, id)
				at := id * 1009 % mebibyte
				body := head + string(noise[at:at+mebibyte-len(head)-2]) + `"}`
				_, err := c.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(eventsQueue), MessageBody: &body})
				if err != nil {
					errs[i] = err
				}
			}
		})
	}
	for id := from; id < from+count; id++ {
		work <- id
	}
	close(work)
	senders.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

// TestBackPressure lets the object store refuse the table's objects while
// hundreds of MiB are sent: the queue takes them, memory stays bounded, the
// books say what is wrong, and once it is mended everything is delivered by
// itself, across a restart too.
func TestBackPressure(t *testing.T) {
	const events, most = 300, 640 // MiB
	s := start(t, badInputPipeline)
	// An object in the place of the folder. Nothing can be stored below it.
	obstacle := &s3.PutObjectInput{Bucket: aws.String("lake"), Key: aws.String("events"), Body: strings.NewReader("in the way")}
	_, err := s.s3().PutObject(t.Context(), obstacle)
	require.NoError(t, err)

	sendLarge(t, s, 0, events)
	b := awaitBooks(t, s, 10*time.Second, "retrying", func(b books) bool { return b.state == "retrying" })
	require.EqualValues(t, events, b.waiting())
	require.Contains(t, b.reason, "write objects: ")
	peak := s.memory(t, "VmHWM")
	s.kill()
	began := time.Now()
	s.run()
	t.Logf("a restart with %d MiB queued took %s", events, time.Since(began).Round(time.Millisecond))
	b = awaitBooks(t, s, 10*time.Second, "retrying", func(b books) bool { return b.state == "retrying" })
	require.EqualValues(t, events, b.waiting())

	_, err = s.s3().DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: obstacle.Bucket, Key: obstacle.Key})
	require.NoError(t, err)
	awaitBooks(t, s, 60*time.Second, "delivered", delivered)
	after := s.memory(t, "VmHWM")
	t.Logf("%d MiB of memory at most while nothing could be delivered, %d MiB while everything was", peak, after)
	require.Less(t, max(peak, after), most)
	got := values(t, s.athena(), "SELECT count(*), count(DISTINCT id) FROM shop.events")
	require.Equal(t, [][]string{{strconv.Itoa(events), strconv.Itoa(events)}}, got)
}
