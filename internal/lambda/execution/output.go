package execution

import (
	"bytes"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/scopsdb/scops/internal/lambda/functionlog"
)

// output reads what a process prints and makes log lines of it. Everything that
// was printed before drain is called is in the log when it returns: so the lines
// of an invocation lie between its START and END.
type output struct {
	write  func([]functionlog.Line)
	stream string
	pipe   *os.File
	raw    syscall.RawConn

	mu        sync.Mutex
	buf       []byte
	partial   []byte // a line without its end
	requestID string
	tail      []byte // of the invocation, at most maxTail
	eof       bool
}

const (
	maxTail = 4 << 10 // bytes of the log that LogType Tail answers with
	maxLine = 256 << 10
)

// newOutput returns an output and the file that the process writes to.
func newOutput(stream string, write func([]functionlog.Line)) (*output, *os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	raw, err := r.SyscallConn()
	if err != nil {
		return nil, nil, err
	}
	return &output{write: write, stream: stream, pipe: r, raw: raw, buf: make([]byte, 32<<10)}, w, nil
}

// run reads until every process that holds the pipe has closed it, or close.
func (o *output) run() {
	for {
		ended := false
		err := o.raw.Read(func(fd uintptr) bool {
			o.mu.Lock()
			defer o.mu.Unlock()
			read := o.take(fd)
			ended = o.eof
			return read || ended
		})
		if err != nil || ended {
			return
		}
	}
}

// take reads what there is and tells whether there was anything. The caller
// holds mu.
func (o *output) take(fd uintptr) bool {
	any := false
	for !o.eof {
		n, err := syscall.Read(int(fd), o.buf)
		switch {
		case n > 0:
			any = true
			o.add(o.buf[:n])
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			return any
		default:
			o.eof = true
		}
	}
	return any
}

// add takes bytes apart into lines. The caller holds mu.
func (o *output) add(b []byte) {
	o.remember(b)
	o.partial = append(o.partial, b...)
	var lines []functionlog.Line
	for {
		i := bytes.IndexByte(o.partial, '\n')
		if i < 0 && len(o.partial) < maxLine {
			break
		}
		if i < 0 || i > maxLine {
			lines = append(lines, o.line(o.partial[:maxLine]))
			o.partial = o.partial[maxLine:]
			continue
		}
		lines = append(lines, o.line(o.partial[:i]))
		o.partial = o.partial[i+1:]
	}
	if len(lines) > 0 {
		o.write(lines)
	}
}

func (o *output) line(text []byte) functionlog.Line {
	return functionlog.Line{Time: time.Now().UTC(), Stream: o.stream, RequestID: o.requestID, Message: string(bytes.TrimSuffix(text, []byte{'\r'}))}
}

func (o *output) remember(b []byte) {
	o.tail = append(o.tail, b...)
	if over := len(o.tail) - maxTail; over > 0 {
		o.tail = append(o.tail[:0], o.tail[over:]...)
	}
}

// drain takes what was printed until now. The caller holds mu.
func (o *output) drain() {
	_ = o.raw.Control(func(fd uintptr) { o.take(fd) }) // fails once closed: all was read then
}

// begin opens the part of the log that belongs to an invocation.
func (o *output) begin(requestID, line string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.drain()
	o.flush()
	o.requestID, o.tail = requestID, o.tail[:0]
	o.say(line)
}

// end closes it with lines of its own and returns the last of what it holds.
func (o *output) end(lines ...string) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.drain()
	o.flush()
	for _, l := range lines {
		o.say(l)
	}
	o.requestID = ""
	return append([]byte(nil), o.tail...)
}

// flush writes a line that has no end. The caller holds mu.
func (o *output) flush() {
	if len(o.partial) == 0 {
		return
	}
	o.remember([]byte{'\n'})
	o.write([]functionlog.Line{o.line(o.partial)})
	o.partial = o.partial[:0]
}

// say writes a line of scops itself. The caller holds mu.
func (o *output) say(text string) {
	o.remember([]byte(text + "\n"))
	o.write([]functionlog.Line{o.line([]byte(text))})
}

// close takes the rest and stops reading.
func (o *output) close() {
	o.mu.Lock()
	o.drain()
	o.flush()
	o.mu.Unlock()
	_ = o.pipe.Close()
}
