package duckdbudf

import (
	"database/sql/driver"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// javaURI are the parts of a text that java.net.URI takes. Go's url package
// takes more, where Trino's functions give NULL.
type javaURI struct {
	scheme, authority, path, query, fragment string
	hasQuery                                 bool
}

// uriParts is the split of RFC 2396, appendix B.
var uriParts = regexp.MustCompile(`^(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$`)

const (
	unreserved = "_-!.~'()*"
	pathChars  = unreserved + ":@&=+$,;/"
	uricChars  = unreserved + ";/?:@&=+$,[]"
)

var schemeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*$`)

// parseURI refuses what java.net.URI refuses.
func parseURI(s string) (javaURI, bool) {
	m := uriParts.FindStringSubmatch(s)
	if m == nil || strings.ContainsRune(s, '\n') {
		return javaURI{}, false
	}
	u := javaURI{scheme: m[1], authority: m[2], path: m[3], query: m[4], fragment: m[5]}
	u.hasQuery = strings.Contains(strings.SplitN(s, "#", 2)[0], "?")
	rest := s
	if u.scheme != "" {
		rest = s[len(u.scheme)+1:]
		if !schemeForm.MatchString(u.scheme) || rest == "" || rest[0] == '#' {
			return javaURI{}, false // Java wants a part behind the scheme
		}
		if rest[0] != '/' {
			return u.opaque(rest)
		}
	}
	if strings.HasPrefix(s, ":") || rest == "//" {
		return javaURI{}, false
	}
	ok := legal(u.path, pathChars) && legal(u.query, uricChars) && legal(u.fragment, uricChars) && legal(u.authority, unreserved+"$,;:@&=+[]")
	return u, ok
}

// opaque is a URI like mailto:a@b, which has a scheme and a fragment only.
func (u javaURI) opaque(rest string) (javaURI, bool) {
	part, _, _ := strings.Cut(rest, "#")
	ok := legal(part, uricChars) && legal(u.fragment, uricChars)
	return javaURI{scheme: u.scheme, fragment: u.fragment}, ok
}

// legal says whether a part has only allowed characters, escapes, and letters
// outside ASCII that are neither controls nor blanks.
func legal(part, allowed string) bool {
	for i := 0; i < len(part); {
		c, size := utf8.DecodeRuneInString(part[i:])
		switch {
		case c == '%':
			if i+3 > len(part) || !isHex(part[i+1]) || !isHex(part[i+2]) {
				return false
			}
			size = 3
		case c >= utf8.RuneSelf:
			if c == utf8.RuneError || unicode.IsControl(c) || unicode.IsSpace(c) || unicode.In(c, unicode.Z) {
				return false
			}
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.ContainsRune(allowed, c):
		default:
			return false
		}
		i += size
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// serverForm is [user@]host[:port] as Java parses it. Another authority has no
// host and no port.
var serverForm = regexp.MustCompile(`^(?:[^@\[\]]*@)?((?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?|[0-9]{1,3}(?:\.[0-9]{1,3}){3}|\[[0-9A-Fa-f:.]+\])(?::([0-9]*))?$`)

// host is "" where there is none: Trino gives NULL only for what is no URL.
func (u javaURI) host() any {
	if m := serverForm.FindStringSubmatch(u.authority); m != nil && validIPv4(m[1]) && validPort(m[2]) {
		return m[1]
	}
	return ""
}

func (u javaURI) portOrNil() any {
	m := serverForm.FindStringSubmatch(u.authority)
	if m == nil || m[2] == "" || !validIPv4(m[1]) {
		return nil
	}
	port, err := strconv.ParseInt(m[2], 10, 32)
	if err != nil {
		return nil
	}
	return port
}

// validPort says whether a port is none or fits 32 bits.
func validPort(port string) bool {
	_, err := strconv.ParseInt("0"+port, 10, 32)
	return err == nil
}

// validIPv4 refuses numbers beyond 255 in an address of four numbers.
func validIPv4(host string) bool {
	if host == "" || host[0] < '0' || host[0] > '9' || strings.ContainsFunc(host, unicode.IsLetter) {
		return true
	}
	for part := range strings.SplitSeq(host, ".") {
		if n, err := strconv.Atoi(part); err != nil || n > 255 {
			return false
		}
	}
	return true
}

// urlPart gives a part of a URL, or NULL where it is none.
func urlPart(part func(javaURI) any) func([]driver.Value) (any, error) {
	return func(a []driver.Value) (any, error) {
		u, ok := parseURI(a[0].(string))
		if !ok {
			return nil, nil
		}
		return part(u), nil
	}
}

// decodePercent undoes escapes; bytes that are no UTF-8 become U+FFFD.
func decodePercent(s string) string {
	decoded, err := url.PathUnescape(s)
	if err != nil {
		return s
	}
	return strings.ToValidUTF8(decoded, "\ufffd")
}

// urlEncode escapes as an HTML form does: letters, digits and -_.* stay, a
// blank becomes +.
func urlEncode(s string) string {
	return strings.NewReplacer("%2A", "*", "~", "%7E").Replace(url.QueryEscape(s))
}

func urlDecode(a []driver.Value) (any, error) {
	decoded, err := url.QueryUnescape(a[0].(string))
	if err != nil {
		return nil, failure("INVALID_FUNCTION_ARGUMENT", "%s", err)
	}
	return strings.ToValidUTF8(decoded, "\ufffd"), nil
}

// urlParameter is the decoded value of the first parameter of a name.
func urlParameter(a []driver.Value) (any, error) {
	u, ok := parseURI(a[0].(string))
	if !ok || !u.hasQuery {
		return nil, nil
	}
	for arg := range strings.SplitSeq(u.query, "&") {
		name, value, _ := strings.Cut(arg, "=")
		if name == a[1].(string) {
			return urlDecode([]driver.Value{value})
		}
	}
	return nil, nil
}
