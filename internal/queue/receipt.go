package queue

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
)

// receipt is what a receipt handle says: version (1), queue number (8),
// sequence (8), nonce of the receipt (4), CRC-32C of these (4), in base64url.
type receipt struct {
	queue uint64
	seq   uint64
	nonce uint32
}

const (
	receiptVersion = 1
	receiptLen     = 1 + 8 + 8 + 4 + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (r receipt) handle() ReceiptHandle {
	var b [receiptLen]byte
	b[0] = receiptVersion
	binary.BigEndian.PutUint64(b[1:], r.queue)
	binary.BigEndian.PutUint64(b[9:], r.seq)
	binary.BigEndian.PutUint32(b[17:], r.nonce)
	binary.BigEndian.PutUint32(b[21:], crc32.Checksum(b[:21], castagnoli))
	return ReceiptHandle(base64.RawURLEncoding.EncodeToString(b[:]))
}

func parseReceipt(h ReceiptHandle) (receipt, error) {
	var b [receiptLen]byte
	if base64.RawURLEncoding.DecodedLen(len(h)) != receiptLen {
		return receipt{}, ErrReceiptInvalid
	}
	n, err := base64.RawURLEncoding.Strict().Decode(b[:], []byte(h))
	if err != nil || n != receiptLen || b[0] != receiptVersion ||
		binary.BigEndian.Uint32(b[21:]) != crc32.Checksum(b[:21], castagnoli) {
		return receipt{}, ErrReceiptInvalid
	}
	return receipt{
		queue: binary.BigEndian.Uint64(b[1:]),
		seq:   binary.BigEndian.Uint64(b[9:]),
		nonce: binary.BigEndian.Uint32(b[17:]),
	}, nil
}
