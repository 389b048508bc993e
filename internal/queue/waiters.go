package queue

import "container/list"

// waiters are the consumers that wait for a message, longest first. All methods
// need the queue's lock.
type waiters struct{ l list.List }

type waiter struct {
	wake chan struct{} // closed when there may be a message for it
	at   *list.Element
}

func (w *waiters) len() int { return w.l.Len() }

// add queues a waiter: at the end, or in front when it was woken in vain.
func (w *waiters) add(front bool) *waiter {
	n := &waiter{wake: make(chan struct{})}
	if front {
		n.at = w.l.PushFront(n)
	} else {
		n.at = w.l.PushBack(n)
	}
	return n
}

// remove takes n out and reports whether it had been woken already.
func (w *waiters) remove(n *waiter) (woken bool) {
	if n.at == nil {
		return true
	}
	w.l.Remove(n.at)
	n.at = nil
	return false
}

// notify wakes up to n waiters: one for each message, since each takes at least
// one.
func (w *waiters) notify(n int) {
	for ; n > 0 && w.l.Len() > 0; n-- {
		e := w.l.Front()
		x := w.l.Remove(e).(*waiter)
		x.at = nil
		close(x.wake)
	}
}
