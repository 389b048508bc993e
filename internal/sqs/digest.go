package sqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"unsafe"
)

// bodyMD5 is MD5OfMessageBody: the digest of the text in hex.
func bodyMD5(body string) string {
	// md5.Sum only reads; a copy of the body would cost more than a short digest.
	sum := md5.Sum(unsafe.Slice(unsafe.StringData(body), len(body)))
	return hex.EncodeToString(sum[:])
}

// attributesMD5 is MD5OfMessageAttributes: the digest over the attributes in
// the order of their names, each as length and name, length and data type, the
// kind of value (1 text, 2 binary), length and value. "" if there are none.
func attributesMD5(attributes map[string]attributeValue) string {
	if len(attributes) == 0 {
		return ""
	}
	names := make([]string, 0, len(attributes))
	for name := range attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	var b []byte
	for _, name := range names {
		a := attributes[name]
		b = appendSized(appendSized(b, name), a.DataType)
		if isBinary(a.DataType) {
			b = append(b, 2)
			b = append(binary.BigEndian.AppendUint32(b, uint32(len(a.BinaryValue))), a.BinaryValue...)
		} else {
			b = appendSized(append(b, 1), a.StringValue)
		}
	}
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

func appendSized(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

func isBinary(dataType string) bool {
	return dataType == "Binary" || strings.HasPrefix(dataType, "Binary.")
}
