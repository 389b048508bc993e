package e2e

import (
	"bufio"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestFulfillment is the example service against scops: people visit and order,
// and the statistics page, which asks Athena, shows their orders.
func TestFulfillment(t *testing.T) {
	s := start(t, "", "--config", "../examples/fulfillment/scops.yaml")
	shop := startFulfillment(t, s)

	_, page := shop.get("/")
	require.Contains(t, page, "<h1>Shop</h1>")
	orders := []url.Values{
		{"district": {"강남구"}, "delivery_type": {"dawn"}, "product": {"rice"}, "quantity": {"2"}},
		{"district": {"강남구"}, "delivery_type": {"same-day"}, "product": {"rice"}, "quantity": {"1"}},
		{"district": {"종로구"}, "delivery_type": {"dawn"}, "product": {"eggs"}, "quantity": {"12"}},
	}
	month := time.Now().In(time.FixedZone("KST", 9*60*60)).Format("2006-01")
	for _, order := range orders {
		status, page := shop.post("/orders", order)
		require.Equal(t, http.StatusOK, status, "a redirect to the shop, which answers")
		require.Contains(t, page, "Thank you. Your order is ")
	}
	want := [][2]string{
		{"강남구", "2"}, {"종로구", "1"},
		{"dawn", "2"}, {"same-day", "1"},
		{"rice", "2"}, {"eggs", "1"},
	}
	require.Eventually(t, func() bool {
		status, page := shop.get("/statistics?month=" + month)
		return status == http.StatusOK && equalPairs(want, statisticsRows(page))
	}, 30*time.Second, 200*time.Millisecond)

	_, page = shop.get("/statistics?month=1999-12")
	require.Equal(t, 3, strings.Count(page, "No orders."))
	require.Equal(t, [][]string{{"order", "3"}, {"visit", "4"}},
		values(t, s.athena(), "SELECT action, count(*) FROM fulfillment.orders GROUP BY 1 ORDER BY 1"))
}

func TestFulfillmentRefusesBadOrders(t *testing.T) {
	s := start(t, "", "--config", "../examples/fulfillment/scops.yaml")
	shop := startFulfillment(t, s)
	for field, bad := range map[string][]string{
		"district":      {"", "부산", "강남구' OR 1=1"},
		"delivery_type": {"", "drone"},
		"product":       {"", "gold"},
		"quantity":      {"", "0", "-1", "1.5", "many", "101", "99999999999999999999"},
	} {
		for _, value := range bad {
			order := url.Values{"district": {"강남구"}, "delivery_type": {"dawn"}, "product": {"rice"}, "quantity": {"1"}}
			order.Set(field, value)
			status, _ := shop.post("/orders", order)
			require.Equal(t, http.StatusBadRequest, status, "%s=%q", field, value)
		}
	}
	status, _ := shop.post("/orders", url.Values{"district": {strings.Repeat("x", 1<<20)}})
	require.Equal(t, http.StatusBadRequest, status)
	status, _ = shop.get("/orders")
	require.Equal(t, http.StatusMethodNotAllowed, status)
	require.Equal(t, "0", values(t, s.athena(), "SELECT count(*) FROM fulfillment.orders")[0][0])
}

var statisticsRow = regexp.MustCompile(`<tr><td>([^<]*)</td><td>(\d+)</td></tr>`)

func statisticsRows(page string) [][2]string {
	var out [][2]string
	for _, m := range statisticsRow.FindAllStringSubmatch(page, -1) {
		out = append(out, [2]string{m[1], m[2]})
	}
	return out
}

func equalPairs(a, b [][2]string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// fulfillment is the started example service.
type fulfillment struct {
	t   testing.TB
	url string
}

func startFulfillment(t *testing.T, s *scops) *fulfillment {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fulfillment")
	out, err := exec.Command("go", "build", "-o", path, "../examples/fulfillment").CombinedOutput()
	require.NoError(t, err, "%s", out)
	cmd := exec.Command(path, "-listen", "127.0.0.1:0")
	cmd.Env = s.awsEnv()
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewReader(stderr)
	first, err := lines.ReadString('\n')
	require.NoError(t, err, first)
	_, address, ok := strings.Cut(strings.TrimSpace(first), "pages on ")
	require.True(t, ok, first)
	rest := make(chan struct{})
	go func() { defer close(rest); io.Copy(os.Stderr, lines) }()
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
		<-rest
		require.NoError(t, cmd.Wait())
	})
	return &fulfillment{t: t, url: strings.TrimSuffix(address, "/")}
}

func (f *fulfillment) get(path string) (int, string) {
	f.t.Helper()
	return f.read(http.Get(f.url + path))
}

func (f *fulfillment) post(path string, form url.Values) (int, string) {
	f.t.Helper()
	return f.read(http.PostForm(f.url+path, form))
}

func (f *fulfillment) read(r *http.Response, err error) (int, string) {
	f.t.Helper()
	require.NoError(f.t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(f.t, err)
	return r.StatusCode, string(body)
}
