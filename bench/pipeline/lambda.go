package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/scopsdb/scops/bench/rig"
)

const (
	functionName   = "bench"
	invokePath     = "/2015-03-31/functions/" + functionName + "/invocations"
	invokeClients  = 16
	coldStarts     = 10 // a round
	functionMemory = 512
)

// invocations are the measurements of one round, in ms, and a rate.
type invocations struct {
	dry, warm, warm99, event []float64
	rate                     []float64 // warm invocations a second of all clients
	cold, program            []float64
}

// invoke measures a function of aws-lambda-go that answers its event: cold, warm,
// by many clients and asynchronously, beside what an invocation costs without a
// function (DryRun) and what its program costs without Lambda.
func invoke(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp(o.dir, "lambda-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bootstrap := filepath.Join(dir, "bootstrap")
	build := exec.CommandContext(ctx, "go", "build", "-o", bootstrap, "./bench/pipeline/bootstrap")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the function: %w\n%s", err, out)
	}
	s, err := rig.Start(o.binary, o.dir, fmt.Sprintf("lambda: {concurrency: %d}\n", 2*invokeClients))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	f := &invoker{scops: s, program: bootstrap, sdk: lambda.New(lambda.Options{
		BaseEndpoint: &s.Endpoint, Region: s.Signer.Region,
		Credentials: credentials.NewStaticCredentialsProvider(s.Signer.Keys.AccessKeyID, s.Signer.Keys.SecretAccessKey, ""),
	})}
	if err := f.create(ctx); err != nil {
		return err
	}
	var r invocations
	var m mapped
	for range o.rounds {
		if err := f.source(ctx, &m); err != nil {
			return err
		}
		if err := f.round(ctx, o, &r); err != nil {
			return err
		}
	}
	f.print(o, &r)
	m.print(o)
	return nil
}

// invoker calls the function.
type invoker struct {
	scops   *rig.Scops
	sdk     *lambda.Client
	program string
}

func (f *invoker) create(ctx context.Context) error {
	text, err := os.ReadFile(f.program)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	h.SetMode(0o755)
	entry, err := w.CreateHeader(h)
	if err != nil {
		return err
	}
	if _, err := entry.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_, err = f.sdk.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String(functionName), Role: aws.String("arn:aws:iam::000000000000:role/bench"), Runtime: types.RuntimeProvidedal2023,
		Handler: aws.String("bootstrap"), Code: &types.FunctionCode{ZipFile: b.Bytes()}, MemorySize: aws.Int32(functionMemory),
	})
	return err
}

func (f *invoker) round(ctx context.Context, o options, r *invocations) error {
	for range coldStarts {
		if err := f.cold(ctx, r); err != nil {
			return err
		}
	}
	if err := f.median(ctx, o, "DryRun", &r.dry, nil); err != nil {
		return err
	}
	if err := f.median(ctx, o, "RequestResponse", &r.warm, &r.warm99); err != nil {
		return err
	}
	rate, err := f.clients(ctx, o.length)
	if err != nil {
		return err
	}
	r.rate = append(r.rate, rate)
	// The last: what it queues runs beside what comes after.
	return f.median(ctx, o, "Event", &r.event, nil)
}

// median adds the median of a sequence to p50, and its 99th percentile to p99
// unless that is nil.
func (f *invoker) median(ctx context.Context, o options, kind string, p50, p99 *[]float64) error {
	all, err := f.sequence(ctx, kind, o.length)
	if err != nil {
		return err
	}
	*p50 = append(*p50, rig.Median(all))
	if p99 != nil {
		*p99 = append(*p99, rig.Percentile(all, 0.99))
	}
	return nil
}

// cold invokes the function after a change, which ends its processes, and runs
// its program alone, which ends at once without a Runtime API.
func (f *invoker) cold(ctx context.Context, r *invocations) error {
	_, err := f.sdk.UpdateFunctionConfiguration(ctx, &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String(functionName), Description: aws.String("changed")})
	if err != nil {
		return err
	}
	c, err := rig.NewClient(f.scops.Endpoint)
	if err != nil {
		return err
	}
	defer c.Close()
	took, err := f.call(ctx, c, "RequestResponse")
	if err != nil {
		return err
	}
	r.cold = append(r.cold, ms(took))
	start := time.Now()
	_ = exec.CommandContext(ctx, f.program).Run() // it fails: that is its end
	r.program = append(r.program, ms(time.Since(start)))
	return nil
}

// call is one invocation.
func (f *invoker) call(ctx context.Context, c *rig.Client, kind string) (time.Duration, error) {
	body := []byte(`{"district":"강남구","delivery":"dawn","product":"우유"}`)
	request, err := f.scops.Signer.Request(ctx, f.scops.Endpoint+invokePath, "lambda", map[string]string{"X-Amz-Invocation-Type": kind}, body)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	answer, err := c.Do(request)
	took := time.Since(start)
	if err == nil && kind == "RequestResponse" && !bytes.Equal(answer, body) {
		err = fmt.Errorf("the function answered %s", answer)
	}
	return took, err
}

// sequence invokes for a time, one after the other.
func (f *invoker) sequence(ctx context.Context, kind string, length time.Duration) ([]float64, error) {
	c, err := rig.NewClient(f.scops.Endpoint)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var all []float64
	for end := time.Now().Add(length); time.Now().Before(end); {
		took, err := f.call(ctx, c, kind)
		if err != nil {
			return nil, err
		}
		all = append(all, ms(took))
	}
	return all, nil
}

// clients invokes from many connections and returns the rate, once each has a
// process.
func (f *invoker) clients(ctx context.Context, length time.Duration) (float64, error) {
	var all sync.WaitGroup
	counts, errs := make([]int, invokeClients), make([]error, invokeClients)
	for i := range invokeClients {
		all.Go(func() {
			if _, errs[i] = f.sequence(ctx, "RequestResponse", length/4); errs[i] != nil {
				return
			}
			var times []float64
			times, errs[i] = f.sequence(ctx, "RequestResponse", length)
			counts[i] = len(times)
		})
	}
	all.Wait()
	total := 0
	for _, n := range counts {
		total += n
	}
	return float64(total) / length.Seconds(), errors.Join(errs...)
}

func (f *invoker) print(o options, r *invocations) {
	fmt.Fprint(o.out, row("invocation", "p50 ms", "p99 ms"), row("---", "---", "---"),
		row("DryRun: signature, look-up, no function", rig.Spread(r.dry), ""),
		row("warm, one client", rig.Spread(r.warm), rig.Spread(r.warm99)),
		row("Event, one client: until it is on disk", rig.Spread(r.event), ""),
		row("cold: a process is started", rig.Spread(r.cold), ""),
		row("the function's program alone, until it ends without a Runtime API", rig.Spread(r.program), ""))
	fmt.Fprintf(o.out, "\n%d clients: %s warm invocations/s.\n", invokeClients, rig.Spread(r.rate))
}
