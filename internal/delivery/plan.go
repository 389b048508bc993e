package delivery

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/scopsdb/scops/internal/catalog"
	"github.com/scopsdb/scops/internal/queue"
)

// message is what a delivery keeps of a queue's message.
type message struct {
	seq    uint64
	id     queue.MessageID
	sentAt time.Time
	body   string
}

// object is a data file to be written.
type object struct {
	Values []string // of the partition
	Key    string
	rows   []int32 // messages, by index in the batch
}

// rejection is a message that cannot become a record.
type rejection struct {
	index    int32
	reason   string
	position int // byte offset in the body; -1: unknown
}

// plan says where each message of a batch goes. What the journal keeps of it is
// exported.
type plan struct {
	Target   target
	Objects  []object
	ErrorKey string // of the object with the rejected ones
	// Duplicates are the sequences, packed, of events that were delivered before.
	Duplicates []byte `json:",omitempty"`

	rejected []rejection
	counts
}

// counts are the outcomes of a batch that are no rows and no error records, and
// what is counted of all of them.
type counts struct {
	filtered, duplicates int64
	late, future         int64
	unknown              int64 // fields that no column asks for
}

// makePlan sorts messages into objects. It is a pure function of the layout,
// the batch's id and time, and the messages. earlier names objects that a
// first attempt may have written already: they keep their names. What is a
// duplicate depends on earlier batches; nil takes none for one.
func makePlan(ctx context.Context, l *layout, id string, fixedAt time.Time, messages []message, earlier []object, dups *duplicates) (plan, error) {
	p := plan{Target: l.target, ErrorKey: errorKey(l, id, fixedAt)}
	byName := map[string]int{}
	for _, o := range earlier {
		byName[strings.Join(o.Values, "\x00")] = len(p.Objects)
		p.Objects = append(p.Objects, object{Values: o.Values, Key: o.Key})
	}
	slots := map[slot]int{}
	var keys [][]byte
	if len(l.sortBy) > 0 {
		keys = make([][]byte, len(messages))
	}
	err := l.newShaper().all(ctx, messages, func(i int32, o *outcome) error {
		if !p.count(i, o) {
			return nil
		}
		s := l.slotOf(o)
		at, ok := slots[s]
		if !ok {
			values := l.values(o)
			if reason := l.tooLong(values); reason != "" {
				p.rejected = append(p.rejected, rejection{i, reason, -1})
				return nil
			}
			at = p.place(l, id, byName, values)
			slots[s] = at
		}
		if again, err := dups.is(&messages[i], o); again || err != nil {
			p.duplicates++
			return err
		}
		p.Objects[at].rows = append(p.Objects[at].rows, i)
		if keys != nil {
			keys[i] = l.sortKey(o.values)
		}
		return nil
	})
	if keys != nil {
		p.sortRows(keys)
	}
	if dups != nil {
		p.Duplicates = packSequences(dups.found)
	}
	return p, err
}

// count notes an outcome and tells whether it is a row.
func (p *plan) count(i int32, o *outcome) bool {
	p.unknown += int64(o.unknown)
	if o.late {
		p.late++
	}
	if o.future {
		p.future++
	}
	switch {
	case o.rejected:
		p.rejected = append(p.rejected, rejection{i, o.reason, o.position})
		return false
	case o.filtered:
		p.filtered++
		return false
	}
	return true
}

// place finds or adds the object of a partition.
func (p *plan) place(l *layout, id string, byName map[string]int, values []string) int {
	name := strings.Join(values, "\x00")
	at, ok := byName[name]
	if !ok {
		at = len(p.Objects)
		byName[name] = at
		p.Objects = append(p.Objects, object{Values: values, Key: objectKey(l, id, values, at)})
	}
	return at
}

// objectKey is the same whenever the batch is repeated.
func objectKey(l *layout, id string, values []string, n int) string {
	name := fmt.Sprintf("%s-%s-%d%s", l.Delivery, id, n, l.kind.Ending)
	if len(values) == 0 {
		return l.prefix + name
	}
	return l.prefix + catalog.PartitionName(l.PartitionKeys, values) + "/" + name
}

// errorKey lies under the day, in UTC, on which the batch was fixed.
func errorKey(l *layout, id string, fixedAt time.Time) string {
	return fmt.Sprintf("%s%s/%s/%s.jsonl.gz", l.errorPrefix, l.Delivery, fixedAt.UTC().Format("2006/01/02"), id)
}
