package queue

import "encoding/binary"

// Keys of the Pebble store. Numbers are big-endian, so that keys sort by them.
//
//	v                       format version
//	n                       next queue number
//	q NAME                  queueRecord: number and attributes (JSON)
//	c QUEUE                 counters, rewritten in the write that moves messages
//	m QUEUE SEQUENCE        message, written once, deleted once
//	d QUEUE UNTIL SEQUENCE  a delayed message, by the millisecond at which it is due
//	r QUEUE SEQUENCE        receive count of a message that was received and came back
//	f QUEUE SEQUENCE        message in flight when the store was closed
//	g QUEUE GROUP SEQUENCE  message of a FIFO queue, by its group (length and text)
//	e QUEUE SENT SEQUENCE   message that was moved here with its old send time, by that
//	t QUEUE NUMBER          move task from the queue (JSON)
//	x QUEUE SUM             first message of a deduplication id, by the id's SHA-256
//	y QUEUE UNTIL SUM       the same by the millisecond at which it is forgotten
const (
	spaceVersion  = 'v'
	spaceNext     = 'n'
	spaceQueue    = 'q'
	spaceCounters = 'c'
	spaceMessage  = 'm'
	spaceDelay    = 'd'
	spaceReceipts = 'r'
	spaceFlight   = 'f'
	spaceGroup    = 'g'
	spaceAge      = 'e'
	spaceTask     = 't'
	spaceFirst    = 'x'
	spaceForget   = 'y'
)

const (
	queueKeyLen = 1 + 8
	seqKeyLen   = queueKeyLen + 8
	delayKeyLen = seqKeyLen + 8
)

func nameKey(name Name) []byte { return append([]byte{spaceQueue}, name...) }

func queueKey(space byte, queue uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{space}, queue)
}

func putSeqKey(dst []byte, space byte, queue, seq uint64) {
	_ = dst[seqKeyLen-1]
	dst[0] = space
	binary.BigEndian.PutUint64(dst[1:], queue)
	binary.BigEndian.PutUint64(dst[9:], seq)
}

func seqKey(space byte, queue, seq uint64) []byte {
	k := make([]byte, seqKeyLen)
	putSeqKey(k, space, queue, seq)
	return k
}

// groupKey is an index entry of a FIFO queue. A group of 64 KiB or more is
// refused before.
func groupKey(queue uint64, group string, seq uint64) []byte {
	k := make([]byte, 0, queueKeyLen+2+len(group)+8)
	k = binary.BigEndian.AppendUint64(append(k, spaceGroup), queue)
	k = binary.BigEndian.AppendUint16(k, uint16(len(group)))
	return binary.BigEndian.AppendUint64(append(k, group...), seq)
}

// groupKeySeq returns the sequence of a g key.
func groupKeySeq(key []byte) uint64 { return binary.BigEndian.Uint64(key[len(key)-8:]) }

func ageKey(queue uint64, sent int64, seq uint64) []byte {
	k := delayKey(queue, sent, seq)
	k[0] = spaceAge
	return k
}

// keySeq returns the sequence of an m, r or f key.
func keySeq(key []byte) uint64 { return binary.BigEndian.Uint64(key[9:seqKeyLen]) }

func delayKey(queue uint64, until int64, seq uint64) []byte {
	k := make([]byte, delayKeyLen)
	k[0] = spaceDelay
	binary.BigEndian.PutUint64(k[1:], queue)
	binary.BigEndian.PutUint64(k[9:], uint64(until))
	binary.BigEndian.PutUint64(k[17:], seq)
	return k
}

// delayKeyParts returns the time and the sequence of a d or e key.
func delayKeyParts(key []byte) (until int64, seq uint64) {
	return int64(binary.BigEndian.Uint64(key[9:])), binary.BigEndian.Uint64(key[17:])
}
