package execution

import (
	"bytes"
	"os"
	"strconv"
)

// memoryUse is the resident memory of a process and of all that it started, in
// bytes, now and at most. 0 where it has ended.
func memoryUse(pid int) (now, peak int64) {
	name := strconv.Itoa(pid)
	status, err := os.ReadFile("/proc/" + name + "/status")
	if err != nil {
		return 0, 0
	}
	now, peak = statusValue(status, "VmRSS:"), statusValue(status, "VmHWM:")
	children, err := os.ReadFile("/proc/" + name + "/task/" + name + "/children")
	if err != nil {
		return now, peak
	}
	for field := range bytes.FieldsSeq(children) {
		if child, err := strconv.Atoi(string(field)); err == nil {
			n, p := memoryUse(child)
			now, peak = now+n, peak+p
		}
	}
	return now, peak
}

// statusValue reads "VmRSS:     1234 kB".
func statusValue(status []byte, name string) int64 {
	_, rest, ok := bytes.Cut(status, []byte("\n"+name))
	if !ok {
		return 0
	}
	fields := bytes.Fields(rest[:min(len(rest), 40)])
	if len(fields) == 0 {
		return 0
	}
	n, _ := strconv.ParseInt(string(fields[0]), 10, 64)
	return n << 10
}
