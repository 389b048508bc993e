package duckdbudf

import (
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // Trino's function
	"crypto/sha1" //nolint:gosec // Trino's function
	"crypto/sha256"
	"crypto/sha512"
	"database/sql/driver"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"math"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/spaolacci/murmur3"
)

var binaryUDFs = []udf{
	{name: "scops_crc32", in: in(blob), out: bigint, run: func(a []driver.Value) (any, error) {
		return int64(crc32.ChecksumIEEE(a[0].([]byte))), nil
	}},
	digest("scops_xxhash64", func(b []byte) []byte { return binary.BigEndian.AppendUint64(nil, xxhash.Sum64(b)) }),
	digest("scops_murmur3", func(b []byte) []byte {
		high, low := murmur3.Sum128(b)
		return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, high), low)
	}),
	digest("scops_spooky32", func(b []byte) []byte { return binary.BigEndian.AppendUint32(nil, uint32(spooky64(b))) }),
	digest("scops_spooky64", func(b []byte) []byte { return binary.BigEndian.AppendUint64(nil, spooky64(b)) }),
	keyed("scops_hmac_md5", md5.New), keyed("scops_hmac_sha1", sha1.New),
	keyed("scops_hmac_sha256", sha256.New), keyed("scops_hmac_sha512", sha512.New),
	{name: "scops_from_hex", in: in(blob), out: blob, run: func(a []driver.Value) (any, error) {
		b, err := hex.DecodeString(string(a[0].([]byte)))
		if err != nil {
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "%s", err)
		}
		return b, nil
	}},
	{name: "scops_to_base32", in: in(blob), out: text, run: func(a []driver.Value) (any, error) {
		return base32.StdEncoding.EncodeToString(a[0].([]byte)), nil
	}},
	{name: "scops_from_base32", in: in(blob), out: blob, run: fromBase32},
	{name: "scops_to_base64url", in: in(blob), out: text, run: func(a []driver.Value) (any, error) {
		return base64.URLEncoding.EncodeToString(a[0].([]byte)), nil
	}},
	{name: "scops_from_base64", in: in(blob), out: blob, run: fromBase64(base64.StdEncoding)},
	{name: "scops_from_base64url", in: in(blob), out: blob, run: fromBase64(base64.URLEncoding)},
	{name: "scops_to_big_endian_64", in: in(bigint), out: blob, run: func(a []driver.Value) (any, error) {
		return binary.BigEndian.AppendUint64(nil, uint64(a[0].(int64))), nil
	}},
	{name: "scops_to_big_endian_32", in: in(integer), out: blob, run: func(a []driver.Value) (any, error) {
		return binary.BigEndian.AppendUint32(nil, uint32(a[0].(int32))), nil
	}},
	{name: "scops_from_big_endian_64", in: in(blob), out: bigint, run: func(a []driver.Value) (any, error) {
		b, err := sized(a, 8)
		return int64(binary.BigEndian.Uint64(b)), err
	}},
	{name: "scops_from_big_endian_32", in: in(blob), out: integer, run: func(a []driver.Value) (any, error) {
		b, err := sized(a, 4)
		return int32(binary.BigEndian.Uint32(b)), err
	}},
	{name: "scops_to_ieee754_64", in: in(double), out: blob, run: func(a []driver.Value) (any, error) {
		f := a[0].(float64)
		if math.IsNaN(f) {
			return []byte{0x7f, 0xf8, 0, 0, 0, 0, 0, 0}, nil
		}
		return binary.BigEndian.AppendUint64(nil, math.Float64bits(f)), nil
	}},
	{name: "scops_to_ieee754_32", in: in(real), out: blob, run: func(a []driver.Value) (any, error) {
		f := a[0].(float32)
		if math.IsNaN(float64(f)) {
			return []byte{0x7f, 0xc0, 0, 0}, nil
		}
		return binary.BigEndian.AppendUint32(nil, math.Float32bits(f)), nil
	}},
	{name: "scops_from_ieee754_64", in: in(blob), out: double, run: func(a []driver.Value) (any, error) {
		b, err := sized(a, 8)
		return math.Float64frombits(binary.BigEndian.Uint64(b)), err
	}},
	{name: "scops_from_ieee754_32", in: in(blob), out: real, run: func(a []driver.Value) (any, error) {
		b, err := sized(a, 4)
		return math.Float32frombits(binary.BigEndian.Uint32(b)), err
	}},
	{name: "scops_pad_binary", in: in(boolean, blob, bigint, blob), out: blob, run: padBinary},
	{name: "scops_substr_binary", in: in(blob, bigint, bigint), out: blob, run: func(a []driver.Value) (any, error) {
		return substrBinary(a[0].([]byte), a[1].(int64), a[2].(int64)), nil
	}},
	{name: "scops_reverse_binary", in: in(blob), out: blob, run: func(a []driver.Value) (any, error) {
		b := a[0].([]byte)
		out := make([]byte, len(b))
		for i, c := range b {
			out[len(b)-1-i] = c
		}
		return out, nil
	}},
}

func digest(name string, sum func([]byte) []byte) udf {
	return udf{name: name, in: in(blob), out: blob, run: func(a []driver.Value) (any, error) { return sum(a[0].([]byte)), nil }}
}

// keyed is the HMAC of data and a key.
func keyed(name string, h func() hash.Hash) udf {
	return udf{name: name, in: in(blob, blob), out: blob, run: func(a []driver.Value) (any, error) {
		key := a[1].([]byte)
		if len(key) == 0 {
			return nil, failure("GENERIC_INTERNAL_ERROR", "Empty key")
		}
		mac := hmac.New(h, key)
		mac.Write(a[0].([]byte))
		return mac.Sum(nil), nil
	}}
}

// sized is an argument of n bytes; on an error it has as many too.
func sized(a []driver.Value, n int) ([]byte, error) {
	b := a[0].([]byte)
	if len(b) != n {
		return make([]byte, n), failure("INVALID_FUNCTION_ARGUMENT", "expected %d-byte input, but got instead: %d", n, len(b))
	}
	return b, nil
}

// fromBase32 takes what Guava's decoder takes: padding may be missing or stand
// at the end in any number, but the characters before it must make whole bytes.
func fromBase32(a []driver.Value) (any, error) {
	s := strings.TrimRight(string(a[0].([]byte)), "=")
	wrong := failure("INVALID_FUNCTION_ARGUMENT", "Invalid input length %d", len(s))
	switch len(s) % 8 {
	case 1, 3, 6:
		return nil, wrong
	}
	if strings.ContainsAny(s, "\r\n") {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Unrecognized character")
	}
	b, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s)
	if err != nil {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "%s", err)
	}
	return b, nil
}

// fromBase64 takes what Java's basic decoder takes: padding may be missing,
// other characters may not stand in it.
func fromBase64(encoding *base64.Encoding) func(a []driver.Value) (any, error) {
	raw := encoding.WithPadding(base64.NoPadding)
	return func(a []driver.Value) (any, error) {
		s := string(a[0].([]byte))
		if i := strings.IndexAny(s, "\r\n"); i >= 0 {
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "Illegal base64 character %x", s[i])
		}
		decode := encoding
		if len(s)%4 != 0 {
			decode = raw
		}
		b, err := decode.DecodeString(s)
		if err != nil {
			return nil, failure("INVALID_FUNCTION_ARGUMENT", "%s", err)
		}
		return b, nil
	}
}

// longestPadding bounds what lpad and rpad give.
const longestPadding = 1 << 20

// padBinary is lpad (first argument true) or rpad of bytes.
func padBinary(a []driver.Value) (any, error) {
	left, b, n, fill := a[0].(bool), a[1].([]byte), a[2].(int64), a[3].([]byte)
	switch {
	case n < 0 || n > math.MaxInt32:
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Target length must be in the range [0..2147483647]")
	case len(fill) == 0:
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Padding bytes must not be empty")
	case n <= int64(len(b)):
		return b[:n], nil
	case n > longestPadding:
		return nil, failure("NOT_SUPPORTED", "Padding to more than %d bytes is not supported", longestPadding)
	}
	padding := make([]byte, int(n)-len(b))
	for i := range padding {
		padding[i] = fill[i%len(fill)]
	}
	if left {
		return append(padding, b...), nil
	}
	return append(append([]byte{}, b...), padding...), nil
}

// substrBinary counts bytes from 1, or from the end.
func substrBinary(b []byte, start, length int64) []byte {
	if start < 0 {
		start += int64(len(b)) + 1
		if start <= 0 {
			return []byte{}
		}
	}
	if start == 0 || length <= 0 || start > int64(len(b)) {
		return []byte{}
	}
	end := int64(len(b))
	if length < end-start+1 {
		end = start - 1 + length
	}
	return b[start-1 : end]
}
