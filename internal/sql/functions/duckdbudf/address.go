package duckdbudf

import (
	"database/sql/driver"
	"net/netip"
	"strings"

	"github.com/google/uuid"

	"github.com/scopsdb/scops/internal/sql/types"
)

var addressUDFs = []udf{
	{name: "scops_ip_parse", in: in(text), out: blob, run: func(a []driver.Value) (any, error) {
		if b, ok := types.ParseIPAddress(a[0].(string)); ok {
			return b, nil
		}
		return nil, nil
	}},
	{name: "scops_ip_bytes", in: in(blob), out: blob, run: func(a []driver.Value) (any, error) {
		b := a[0].([]byte)
		address, ok := netip.AddrFromSlice(b)
		if !ok {
			return nil, nil
		}
		wide := address.As16()
		return wide[:], nil
	}},
	{name: "scops_ip_text", in: in(blob), out: text, run: func(a []driver.Value) (any, error) {
		return types.IPAddressText(a[0].([]byte)), nil
	}},
	{name: "scops_ip_contains", in: in(text, blob), out: boolean, run: ipContains},
	{name: "scops_uuid_bytes", in: in(text), out: blob, run: func(a []driver.Value) (any, error) {
		u, err := uuid.Parse(a[0].(string))
		return u[:], err
	}},
	{name: "scops_uuid_text", in: in(blob), out: text, run: func(a []driver.Value) (any, error) {
		u, err := uuid.FromBytes(a[0].([]byte))
		if err != nil {
			return nil, nil
		}
		return u.String(), nil
	}},
}

// ipContains says whether a network in CIDR notation, given by its first
// address, has an address. A network of IPv6 is compared with the IPv6 form.
func ipContains(a []driver.Value) (any, error) {
	cidr := a[0].(string)
	network, bits, ok := strings.Cut(cidr, "/")
	if !ok {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Invalid CIDR")
	}
	base, ok := types.ParseIPAddress(network)
	if !ok {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Invalid network IP address")
	}
	first, address := netip.AddrFrom16([16]byte(base)).Unmap(), netip.AddrFrom16([16]byte(a[1].([]byte)))
	if first.Is4() {
		address = address.Unmap()
	}
	prefix, err := netip.ParsePrefix(first.String() + "/" + bits)
	if err != nil {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Invalid prefix length")
	}
	if prefix.Masked() != prefix {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "Network IP address is not the first of its network")
	}
	if first.Is6() {
		return firstBits(base, prefix.Bits()) == firstBits(a[1].([]byte), prefix.Bits()), nil
	}
	return prefix.Contains(address), nil
}

// firstBits are the leading bits of an address, the others zero.
func firstBits(b []byte, bits int) [16]byte {
	out := [16]byte(b)
	for i := bits; i < 128; i++ {
		out[i/8] &^= 0x80 >> (i % 8)
	}
	return out
}
