package queue

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// maxMessage bounds the encoded size of one message, far above what SQS allows.
const maxMessage = 64 << 20

// Layout of a message value: flags (1), sent at (8, Unix ms), due at (8, only
// with flagDelay), group (length and text, only with flagGroup), queue that it was
// moved from (length and text, only with flagMoved), id (16, or length and text
// with flagTextID), attributes (only with flagAttributes), system attributes (only
// with flagSystem), body (rest).
const (
	flagDelay byte = 1 << iota
	flagTextID
	flagAttributes
	flagSystem
	flagGroup
	flagMoved
)

var errCorrupt = errors.New("stored message is damaged")

func newID() (id [16]byte) {
	binary.LittleEndian.PutUint64(id[:8], rand.Uint64())
	binary.LittleEndian.PutUint64(id[8:], rand.Uint64())
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

// outgoing is a message ready to be written.
type outgoing struct {
	*Message
	id    [16]byte
	text  bool  // the producer's id is not a UUID in canonical text
	sent  int64 // Unix ms
	until int64 // Unix ms at which a delay ends; 0: no delay
	size  int
	seq   uint64
	known *identified // nil: without a deduplication id
}

func newOutgoing(m *Message, now int64, delay time.Duration) (outgoing, error) {
	o := outgoing{Message: m, sent: now}
	if ms := delay.Milliseconds(); ms > 0 {
		o.until = now + ms
	}
	if m.ID == "" {
		o.id = newID()
	} else if id, err := uuid.Parse(string(m.ID)); err == nil && id.String() == string(m.ID) {
		o.id = id
	} else {
		o.text = true
	}
	if d := m.Deduplication; d != nil {
		o.known = &identified{sum: sumOf(d.ID), forget: now + max(d.Window.Milliseconds(), 1)}
	}
	o.size = o.encodedSize()
	if o.size > maxMessage {
		return o, ErrMessageTooLarge
	}
	return o, nil
}

func (o *outgoing) messageID() MessageID {
	if o.ID != "" {
		return o.ID
	}
	return MessageID(uuid.UUID(o.id).String())
}

func textSize(n int) int { return uvarintSize(uint64(n)) + n }

func uvarintSize(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

func (o *outgoing) encodedSize() int {
	n := 1 + 8 + len(o.Body)
	if o.until != 0 {
		n += 8
	}
	if o.Group != "" {
		n += textSize(len(o.Group))
	}
	if o.MovedFrom != "" {
		n += textSize(len(o.MovedFrom))
	}
	if o.text {
		n += textSize(len(o.ID))
	} else {
		n += 16
	}
	if len(o.Attributes) > 0 {
		n += uvarintSize(uint64(len(o.Attributes)))
		for k, a := range o.Attributes {
			n += textSize(len(k)) + textSize(len(a.DataType)) + textSize(len(a.String)) + textSize(len(a.Binary))
		}
	}
	if len(o.SystemAttributes) > 0 {
		n += uvarintSize(uint64(len(o.SystemAttributes)))
		for k, v := range o.SystemAttributes {
			n += textSize(len(k)) + textSize(len(v))
		}
	}
	return n
}

// encode appends the value to dst, which has room for o.size bytes.
func (o *outgoing) encode(dst []byte) []byte {
	at := len(dst)
	dst = append(dst, 0)
	dst = binary.BigEndian.AppendUint64(dst, uint64(o.sent))
	var flags byte
	if o.until != 0 {
		flags |= flagDelay
		dst = binary.BigEndian.AppendUint64(dst, uint64(o.until))
	}
	if o.Group != "" {
		flags |= flagGroup
		dst = appendText(dst, o.Group)
	}
	if o.MovedFrom != "" {
		flags |= flagMoved
		dst = appendText(dst, string(o.MovedFrom))
	}
	if o.text {
		flags |= flagTextID
		dst = appendText(dst, string(o.ID))
	} else {
		dst = append(dst, o.id[:]...)
	}
	if len(o.Attributes) > 0 {
		flags |= flagAttributes
		dst = binary.AppendUvarint(dst, uint64(len(o.Attributes)))
		for k, a := range o.Attributes {
			dst = appendText(appendText(appendText(dst, k), a.DataType), a.String)
			dst = append(binary.AppendUvarint(dst, uint64(len(a.Binary))), a.Binary...)
		}
	}
	if len(o.SystemAttributes) > 0 {
		flags |= flagSystem
		dst = binary.AppendUvarint(dst, uint64(len(o.SystemAttributes)))
		for k, v := range o.SystemAttributes {
			dst = appendText(appendText(dst, k), v)
		}
	}
	dst[at] = flags
	return append(dst, o.Body...)
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// header is what the store itself needs of a stored message.
type header struct {
	flags byte
	sent  int64
	until int64
	group []byte
	rest  []byte
}

func decodeHeader(v []byte) (header, error) {
	if len(v) < 9 {
		return header{}, errCorrupt
	}
	h := header{flags: v[0], sent: int64(binary.BigEndian.Uint64(v[1:])), rest: v[9:]}
	if h.flags&flagDelay != 0 {
		if len(h.rest) < 8 {
			return header{}, errCorrupt
		}
		h.until = int64(binary.BigEndian.Uint64(h.rest))
		h.rest = h.rest[8:]
	}
	if h.flags&flagGroup != 0 {
		d := decoder{rest: h.rest}
		if h.group = d.take(d.uvarint()); d.bad {
			return header{}, errCorrupt
		}
		h.rest = d.rest
	}
	return h, nil
}

// message copies the message out of the value.
func (h header) message(m *Message) error {
	d := decoder{rest: h.rest}
	m.Group = string(h.group)
	if h.flags&flagMoved != 0 {
		m.MovedFrom = Name(d.text())
	}
	if h.flags&flagTextID != 0 {
		m.ID = MessageID(d.text())
	} else if id := d.take(16); id != nil {
		m.ID = MessageID(uuid.UUID(id).String())
	}
	if h.flags&flagAttributes != 0 {
		n := d.count()
		m.Attributes = make(map[string]Attribute, n)
		for range n {
			k := d.text()
			m.Attributes[k] = Attribute{DataType: d.text(), String: d.text(), Binary: d.bytes()}
		}
	}
	if h.flags&flagSystem != 0 {
		n := d.count()
		m.SystemAttributes = make(map[string]string, n)
		for range n {
			k := d.text()
			m.SystemAttributes[k] = d.text()
		}
	}
	if d.bad {
		return errCorrupt
	}
	m.Body = string(d.rest)
	return nil
}

type decoder struct {
	rest []byte
	bad  bool
}

func (d *decoder) take(n int) []byte {
	if d.bad || n < 0 || n > len(d.rest) {
		d.bad = true
		return nil
	}
	v := d.rest[:n:n]
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) uvarint() int {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 || v > maxMessage {
		d.bad = true
		return 0
	}
	d.rest = d.rest[n:]
	return int(v)
}

// count reads the number of entries of a map; each has at least two bytes.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > len(d.rest)/2 {
		d.bad = true
		return 0
	}
	return n
}

func (d *decoder) text() string { return string(d.take(d.uvarint())) }

func (d *decoder) bytes() []byte {
	v := d.take(d.uvarint())
	if len(v) == 0 {
		return nil
	}
	return append([]byte(nil), v...)
}
