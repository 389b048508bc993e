package types

import (
	"fmt"
	"net/netip"
)

// IPAddressBytes is the number of bytes of an address: IPv4 is carried as its
// IPv6 form.
const IPAddressBytes = 16

// IPAddressText is the canonical text of the bytes of an address; "" where they
// are none.
func IPAddressText(b []byte) string {
	if len(b) != IPAddressBytes {
		return ""
	}
	a := netip.AddrFrom16([IPAddressBytes]byte(b))
	if a.Is4In6() {
		return netip.AddrFrom4([4]byte(b[12:])).String()
	}
	return a.String()
}

// ParseIPAddress reads the text of an address.
func ParseIPAddress(text string) ([]byte, bool) {
	a, err := netip.ParseAddr(text)
	if err != nil {
		return nil, false
	}
	b := a.WithZone("").As16() // Java drops the zone
	return b[:], true
}

// systemColors are the names of the colors below zero: -1 is black.
var systemColors = []string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}

// ColorText is a color as Trino's client gets it.
func ColorText(c int64) string {
	if c < 0 && int(-c) <= len(systemColors) {
		return systemColors[-c-1]
	}
	return fmt.Sprintf("#%06x", c)
}

// SystemColor is the number of a color's name in lower case.
func SystemColor(name string) (int64, bool) {
	for i, n := range systemColors {
		if n == name {
			return int64(-i - 1), true
		}
	}
	return 0, false
}
