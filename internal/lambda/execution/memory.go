package execution

import "time"

// memoryInterval is how often the memory of the running processes is looked at.
// Without root Linux has no limit that counts what AWS counts: RLIMIT_AS counts
// addresses, of which Go and Node reserve far more than they use.
const memoryInterval = 50 * time.Millisecond

// measure looks at the memory of the process and kills it beyond its limit.
func (i *instance) measure() {
	select {
	case <-i.exited:
		return
	default:
	}
	now, peak := memoryUse(i.cmd.Process.Pid)
	if most := max(now, peak); most > i.peak.Load() {
		i.peak.Store(most)
	}
	if now > int64(i.fn.Memory)<<20 {
		i.oom.Store(true)
		i.kill()
	}
}

// watchMemory measures the instances that run until the manager closes.
func (m *Manager) watchMemory() {
	tick := time.NewTicker(memoryInterval)
	defer tick.Stop()
	for {
		select {
		case <-m.closing:
			return
		case <-tick.C:
		}
		for _, i := range m.running() {
			i.measure()
		}
	}
}
