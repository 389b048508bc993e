package queue

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzReceipt: handles come from clients.
func FuzzReceipt(f *testing.F) {
	f.Add(string(receipt{queue: 1, seq: 2, nonce: 3}.handle()))
	f.Add("")
	f.Add("AQAAAAAAAAABAAAAAAAAABR5aG_kfzycgw")
	f.Fuzz(func(t *testing.T, handle string) {
		r, err := parseReceipt(ReceiptHandle(handle))
		if err != nil {
			require.ErrorIs(t, err, ErrReceiptInvalid)
			return
		}
		again, err := parseReceipt(r.handle())
		require.NoError(t, err)
		require.Equal(t, r, again)
	})
}

// FuzzClaim: the record of a message in flight or returned.
func FuzzClaim(f *testing.F) {
	f.Add(encodeClaim(claim{deadline: 5, first: 1, since: 2, nonce: 3, count: 4}))
	f.Add(encodeClaim(claim{count: 4, before: 2}))
	f.Fuzz(func(t *testing.T, v []byte) {
		c, err := decodeClaim(v)
		if err != nil {
			require.ErrorIs(t, err, errCorrupt)
			return
		}
		again, err := decodeClaim(encodeClaim(c))
		require.NoError(t, err)
		require.Equal(t, c, again)
	})
}

// FuzzFirst: the record of a deduplication id.
func FuzzFirst(f *testing.F) {
	f.Add(firstMessage{until: 1_700_000_000_000, seq: 7, id: NewMessageID()}.encode())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, v []byte) {
		x, err := decodeFirst(v)
		if err != nil {
			require.ErrorIs(t, err, errCorrupt)
			return
		}
		again, err := decodeFirst(x.encode())
		require.NoError(t, err)
		require.Equal(t, x, again)
	})
}

// FuzzMessage: a damaged record must be an error, not a panic.
func FuzzMessage(f *testing.F) {
	add := func(m Message, delay bool) {
		o, err := newOutgoing(&m, 1_700_000_000_000, 0)
		require.NoError(f, err)
		if delay {
			o.until = 1_700_000_005_000
			o.size = o.encodedSize()
		}
		v := o.encode(nil)
		require.Len(f, v, o.size)
		f.Add(v)
	}
	add(Message{Body: "x"}, false)
	add(Message{Body: "x", ID: "text"}, true)
	add(Message{Body: "x", Group: "g"}, false)
	add(Message{Body: "x", Group: "g", ID: "text"}, true)
	add(Message{Body: "x", Group: "g", MovedFrom: "q"}, true)
	add(Message{Attributes: map[string]Attribute{"k": {DataType: "Binary", Binary: []byte{1}}}, SystemAttributes: map[string]string{"a": "b"}}, true)
	f.Fuzz(func(t *testing.T, v []byte) {
		h, err := decodeHeader(v)
		if err != nil {
			return
		}
		var m Message
		if h.message(&m) != nil {
			return
		}
		o := outgoing{Message: &m, sent: h.sent, until: h.until, text: true}
		h, err = decodeHeader(o.encode(nil))
		require.NoError(t, err)
		var again Message
		require.NoError(t, h.message(&again))
		require.Equal(t, m.Body, again.Body)
		require.Equal(t, m.ID, again.ID)
		require.Equal(t, len(m.Attributes), len(again.Attributes))
	})
}
