package delivery

import (
	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/queue"
)

const (
	// idsKept is how many ids of messages a generation has, about 40 bytes
	// each; there are up to two.
	idsKept = 250_000
	// reasonsKept is how many reasons a generation keeps by their text.
	reasonsKept = 1000
)

// knownIDs remembers the ids of the last messages that became visible: the
// newest idsKept at least, and twice as many at most. Not safe for
// concurrent use.
type knownIDs struct{ young, old generation }

type generation struct {
	visible  map[uuid.UUID]struct{}
	rejected map[uuid.UUID]string
}

func (r *knownIDs) add(id queue.MessageID) {
	u, err := uuid.Parse(string(id))
	if err != nil {
		return // SQS's ids are UUIDs
	}
	if len(r.young.visible) >= idsKept {
		r.old, r.young = r.young, generation{}
	}
	if r.young.visible == nil {
		r.young.visible = map[uuid.UUID]struct{}{}
	}
	r.young.visible[u] = struct{}{}
}

// reject notes why a message that was added has no row.
func (r *knownIDs) reject(id queue.MessageID, reason string) {
	u, err := uuid.Parse(string(id))
	if err != nil {
		return
	}
	if len(r.young.rejected) >= reasonsKept {
		reason = "the reason is in its error record"
	}
	if r.young.rejected == nil {
		r.young.rejected = map[uuid.UUID]string{}
	}
	r.young.rejected[u] = reason
}

// find says whether a message is known, and why it was rejected.
func (r *knownIDs) find(id uuid.UUID) (known bool, reason string) {
	for _, g := range []*generation{&r.young, &r.old} {
		if reason, ok := g.rejected[id]; ok {
			return true, reason
		}
		if _, ok := g.visible[id]; ok {
			return true, ""
		}
	}
	return false, ""
}
