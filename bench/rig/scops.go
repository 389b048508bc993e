package rig

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Region is what the benchmarks sign for.
const Region = "ap-northeast-2"

const startTimeout = 60 * time.Second

// Scops is a started process on a new data folder.
type Scops struct {
	Endpoint string
	Signer   Signer
	Data     string // its folder
	command  []string
	cmd      *exec.Cmd
	log      *os.File
	exited   chan struct{}
}

// Start runs a binary of scops on a new folder within dir, with a configuration
// (the text of scops.yaml), and waits until it answers. Stop it.
func Start(binary, dir, yaml string) (_ *Scops, err error) {
	s := &Scops{}
	if s.Data, err = os.MkdirTemp(dir, "scops-"); err != nil {
		return nil, err
	}
	config := filepath.Join(s.Data, "scops.yaml")
	if err := os.WriteFile(config, []byte(yaml), 0o600); err != nil {
		return nil, err
	}
	if s.log, err = os.Create(filepath.Join(s.Data, "log")); err != nil {
		return nil, err
	}
	s.command = []string{binary, "serve", "--data", filepath.Join(s.Data, "data"), "--listen", "127.0.0.1:0", "--config", config, "--log-level", "warn"}
	if err := s.Resume(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// Resume runs the binary again on its folder, after Pause.
func (s *Scops) Resume() error {
	s.cmd = exec.Command(s.command[0], s.command[1:]...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	s.exited = exited
	go func() {
		_ = s.cmd.Wait() // its log says why
		close(exited)
	}()
	if err := errors.Join(s.await(), s.readKeys()); err != nil {
		text, _ := os.ReadFile(s.log.Name())
		return fmt.Errorf("scops does not start: %w\n%s", err, text)
	}
	return nil
}

// await waits until the lock file tells where the process answers.
func (s *Scops) await() error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for timeout := time.After(startTimeout); ; {
		select {
		case <-s.exited:
			return errors.New("it ended")
		case <-timeout:
			return fmt.Errorf("no answer within %v", startTimeout)
		case <-tick.C:
		}
		var holder struct {
			PID      int    `json:"pid"`
			Endpoint string `json:"endpoint"`
		}
		text, err := os.ReadFile(filepath.Join(s.Data, "data", "lock"))
		if err == nil && json.Unmarshal(text, &holder) == nil && holder.PID == s.PID() && holder.Endpoint != "" {
			s.Endpoint = holder.Endpoint
			return nil
		}
	}
}

func (s *Scops) readKeys() error {
	f, err := os.Open(filepath.Join(s.Data, "data", "credentials"))
	if err != nil {
		return err
	}
	defer f.Close()
	s.Signer = Signer{Region: Region, Keys: aws.Credentials{}}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "=")
		switch value = strings.TrimSpace(value); strings.TrimSpace(name) {
		case "aws_access_key_id":
			s.Signer.Keys.AccessKeyID = value
		case "aws_secret_access_key":
			s.Signer.Keys.SecretAccessKey = value
		}
	}
	return nil
}

// Objects is the folder of a bucket's objects.
func (s *Scops) Objects(bucket string) string {
	return filepath.Join(s.Data, "data", "objects", bucket)
}

// PID of the process.
func (s *Scops) PID() int { return s.cmd.Process.Pid }

// Memory is a figure of /proc/PID/status in MiB: VmRSS now, VmHWM at most.
func (s *Scops) Memory(figure string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.PID()))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == figure+":" {
			kib, err := strconv.ParseFloat(fields[1], 64)
			return kib / 1024, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no %s", s.PID(), figure)
}

// CPU is the processor time that the process has used.
func (s *Scops) CPU() (time.Duration, error) { return cpuOf(s.PID()) }

func cpuOf(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	const user, system = 11, 12 // of the fields after the name
	if len(fields) <= system {
		return 0, fmt.Errorf("/proc/%d/stat is not understood", pid)
	}
	var ticks float64
	for _, i := range []int{user, system} {
		n, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	const perSecond = 100 // USER_HZ
	return time.Duration(ticks / perSecond * float64(time.Second)), nil
}

// Pause ends the process and leaves its folder.
func (s *Scops) Pause() error {
	select {
	case <-s.exited:
	default:
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		<-s.exited
	}
	return nil
}

// Stop ends the process and removes its folder.
func (s *Scops) Stop() error {
	if s.exited != nil {
		if err := s.Pause(); err != nil {
			return err
		}
	}
	return errors.Join(s.log.Close(), os.RemoveAll(s.Data))
}
