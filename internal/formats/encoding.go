package formats

import (
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// encodings are the values of serialization.encoding by their names in capitals
// without - and _. In each of them a line ends with the bytes of ASCII. UTF-16,
// where it does not, is not among them.
var encodings = map[string]encoding.Encoding{
	"ISO88591": charmap.ISO8859_1, "LATIN1": charmap.ISO8859_1, "ISO88592": charmap.ISO8859_2, "ISO88593": charmap.ISO8859_3,
	"ISO88594": charmap.ISO8859_4, "ISO88595": charmap.ISO8859_5, "ISO88596": charmap.ISO8859_6, "ISO88597": charmap.ISO8859_7,
	"ISO88598": charmap.ISO8859_8, "ISO88599": charmap.ISO8859_9, "ISO885913": charmap.ISO8859_13, "ISO885915": charmap.ISO8859_15,
	"KOI8R": charmap.KOI8R, "KOI8U": charmap.KOI8U, "IBM437": charmap.CodePage437, "CP437": charmap.CodePage437, "IBM850": charmap.CodePage850, "CP850": charmap.CodePage850,
	"WINDOWS874": charmap.Windows874, "WINDOWS1250": charmap.Windows1250, "WINDOWS1251": charmap.Windows1251, "WINDOWS1252": charmap.Windows1252,
	"WINDOWS1253": charmap.Windows1253, "WINDOWS1254": charmap.Windows1254, "WINDOWS1255": charmap.Windows1255, "WINDOWS1256": charmap.Windows1256,
	"WINDOWS1257": charmap.Windows1257, "WINDOWS1258": charmap.Windows1258,
	"CP1250": charmap.Windows1250, "CP1251": charmap.Windows1251, "CP1252": charmap.Windows1252,
	"EUCKR": korean.EUCKR, "CP949": korean.EUCKR, "MS949": korean.EUCKR, "XWINDOWS949": korean.EUCKR,
	"EUCJP": japanese.EUCJP, "SHIFTJIS": japanese.ShiftJIS, "SJIS": japanese.ShiftJIS, "WINDOWS31J": japanese.ShiftJIS, "MS932": japanese.ShiftJIS,
	"GBK": simplifiedchinese.GBK, "CP936": simplifiedchinese.GBK, "GB2312": simplifiedchinese.GBK, "GB18030": simplifiedchinese.GB18030,
	"BIG5": traditionalchinese.Big5,
}

const encodingProperty = "serialization.encoding"

// encodingOf reads serialization.encoding; "" is UTF-8.
func encodingOf(k Kind, serde, table map[string]string) (string, error) {
	v, ok := serde[encodingProperty]
	if !ok {
		v, ok = table[encodingProperty]
	}
	name := strings.NewReplacer("-", "", "_", "").Replace(strings.ToUpper(strings.TrimSpace(v)))
	if !ok || name == "" || name == "UTF8" || name == "USASCII" || name == "ASCII" {
		return "", nil
	}
	if encodings[name] == nil {
		return "", unsupported("property %s=%q is not supported", encodingProperty, v)
	}
	if k != Text && k != OpenCSV && k != Regex {
		return "", unsupported("property %s=%q is not supported for %s", encodingProperty, v, k)
	}
	return name, nil
}

// encodedDecoder turns lines of another encoding into UTF-8. Bytes that are none
// of its characters become U+FFFD.
type encodedDecoder struct {
	RowDecoder
	encoding *encoding.Decoder
	text     []byte
}

// Decode implements RowDecoder.
func (d *encodedDecoder) Decode(line []byte, out []*Vector) error {
	if isASCII(line) {
		return d.RowDecoder.Decode(line, out)
	}
	for size := max(cap(d.text), 3*len(line)+16); ; size *= 2 {
		if cap(d.text) < size {
			d.text = make([]byte, size)
		}
		d.encoding.Reset()
		n, read, err := d.encoding.Transform(d.text[:size], line, true)
		if err == nil && read == len(line) {
			return d.RowDecoder.Decode(d.text[:n], out)
		}
		if size > 16*len(line)+64 {
			return err
		}
	}
}
