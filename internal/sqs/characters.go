package sqs

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// allowed reports whether a text consists of the characters that SQS takes:
// #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF.
func allowed(s string) bool {
	if !utf8.ValidString(s) { // surrogates are not valid either
		return false
	}
	b := unsafe.Slice(unsafe.StringData(s), len(s))
	for len(b) >= 8 {
		if suspicious(binary.LittleEndian.Uint64(b)) && !allowedBytes(b[:8]) {
			return false
		}
		b = b[8:]
	}
	return allowedBytes(b) && !strings.Contains(s, "\uFFFE") && !strings.Contains(s, "\uFFFF")
}

// suspicious reports whether one of eight bytes may be below 0x20. A set carry
// may blame a neighbour too, which allowedBytes sorts out.
func suspicious(x uint64) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	return (x-ones*0x20)&^x&highs != 0
}

func allowedBytes(b []byte) bool {
	for _, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return true
}
