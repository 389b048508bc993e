package main

import (
	"errors"
	"fmt"
)

// idle looks at the process with one empty queue, and with many.
func (b *bench) idle() (err error) {
	s, err := b.start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	fmt.Println("| empty queues | resident MiB | KiB a queue | processor time, ms a second |")
	fmt.Println("| --- | --- | --- | --- |")
	made, first := 0, 0.0
	for _, n := range []int{1, b.queues} {
		for ; made < n; made++ {
			if _, err := s.call("CreateQueue", map[string]string{"QueueName": fmt.Sprint("idle-", made)}); err != nil {
				return err
			}
		}
		used, err := s.cpu(b.watched)
		if err != nil {
			return err
		}
		resident, err := s.Memory("VmRSS")
		if err != nil {
			return err
		}
		each := "-"
		if n == 1 {
			first = resident
		} else {
			each = fmt.Sprintf("%.1f", (resident-first)*1024/float64(n-1))
		}
		fmt.Printf("| %d | %.0f | %s | %.1f |\n", n, resident, each, used.Seconds()*1e3)
	}
	return nil
}
