package orc

// integers reads whole numbers of one of the encodings.
type integers interface {
	// read fills to with the next numbers.
	read(to []int64) error
}

// newIntegers reads numbers in runs of the older or the newer form.
func newIntegers(in *stream, signed, v2 bool) integers {
	if v2 {
		return &runs2{in: in, signed: signed}
	}
	return &runs1{in: in, signed: signed}
}

// runs1 is Integer Run Length Encoding, version 1: runs of numbers with a fixed
// difference, or literal ones.
type runs1 struct {
	in      *stream
	signed  bool
	left    int
	literal bool
	value   int64
	delta   int64
}

func (r *runs1) read(to []int64) error {
	for i := range to {
		if r.left == 0 {
			if err := r.run(); err != nil {
				return err
			}
		}
		r.left--
		if r.literal {
			v, err := r.varint()
			if err != nil {
				return err
			}
			to[i] = v
			continue
		}
		to[i] = r.value
		r.value += r.delta
	}
	return nil
}

func (r *runs1) run() error {
	c, err := r.in.byte()
	if err != nil {
		return err
	}
	if r.literal = c >= 0x80; r.literal {
		r.left = 0x100 - int(c)
		return nil
	}
	r.left = int(c) + 3
	d, err := r.in.byte()
	if err != nil {
		return err
	}
	r.delta = int64(int8(d))
	r.value, err = r.varint()
	return err
}

func (r *runs1) varint() (int64, error) {
	v, err := r.in.uvarint()
	if r.signed {
		return unzigzag(v), err
	}
	return int64(v), err
}

// maxRun is the most numbers in a run of version 2.
const maxRun = 512

// runs2 is Integer Run Length Encoding, version 2. It decodes a run at once.
type runs2 struct {
	in     *stream
	signed bool
	values [maxRun]int64
	at, n  int
	packed []byte
}

func (r *runs2) read(to []int64) error {
	for len(to) > 0 {
		if r.at == r.n {
			if err := r.run(); err != nil {
				return err
			}
		}
		k := copy(to, r.values[r.at:r.n])
		r.at += k
		to = to[k:]
	}
	return nil
}

func (r *runs2) run() error {
	first, err := r.in.byte()
	if err != nil {
		return err
	}
	r.at, r.n = 0, 0
	if first>>6 == 0 {
		return r.shortRepeat(first)
	}
	low, err := r.in.byte()
	if err != nil {
		return err
	}
	n := int(first&1)<<8 | int(low) + 1
	code := first >> 1 & 31
	switch first >> 6 {
	case 1:
		err = r.direct(n, widths[code])
	case 2:
		err = r.patched(n, widths[code])
	default:
		width := widths[code]
		if code == 0 {
			width = 0
		}
		err = r.deltas(n, width)
	}
	if err == nil {
		r.n = n
	}
	return err
}

// widths are the bits of a packed number by its code.
var widths = [32]int{
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 28, 30, 32, 40, 48, 56, 64,
}

// closestWidth is the least width of the list that holds so many bits.
func closestWidth(bits int) int {
	for _, w := range widths {
		if w >= bits {
			return w
		}
	}
	return 64
}

func (r *runs2) shortRepeat(first byte) error {
	v, err := r.bigEndian(int(first>>3&7) + 1)
	if err != nil {
		return err
	}
	n := int(first&7) + 3
	value := int64(v)
	if r.signed {
		value = unzigzag(v)
	}
	for i := range n {
		r.values[i] = value
	}
	r.n = n
	return nil
}

func (r *runs2) bigEndian(bytes int) (uint64, error) {
	var v uint64
	for range bytes {
		b, err := r.in.byte()
		if err != nil {
			return 0, err
		}
		v = v<<8 | uint64(b)
	}
	return v, nil
}

// unpack fills to with numbers of so many bits each, highest bit first.
func (r *runs2) unpack(to []int64, width int) error {
	var err error
	if r.packed, err = r.in.read(r.packed[:0], (len(to)*width+7)/8); err != nil {
		return err
	}
	b := r.packed
	if width%8 == 0 {
		unpackBytes(to, b, width/8)
		return nil
	}
	var acc uint64 // the low `have` bits are not yet taken
	have := 0
	for i := range to { // wider numbers than 32 bits are of whole bytes
		for have < width {
			acc = acc<<8 | uint64(b[0])
			b = b[1:]
			have += 8
		}
		have -= width
		to[i] = int64(acc >> have & (1<<width - 1))
	}
	return nil
}

func unpackBytes(to []int64, b []byte, size int) {
	if size == 1 {
		for i := range to {
			to[i] = int64(b[i])
		}
		return
	}
	for i := range to {
		var v uint64
		for _, c := range b[i*size : (i+1)*size] {
			v = v<<8 | uint64(c)
		}
		to[i] = int64(v)
	}
}

func (r *runs2) direct(n, width int) error {
	if err := r.unpack(r.values[:n], width); err != nil {
		return err
	}
	if r.signed {
		for i, v := range r.values[:n] {
			r.values[i] = unzigzag(uint64(v))
		}
	}
	return nil
}

// patched are numbers above a base, of which a few have bits that do not fit the
// width: those stand in a list of patches.
func (r *runs2) patched(n, width int) error {
	third, err := r.in.byte()
	if err != nil {
		return err
	}
	fourth, err := r.in.byte()
	if err != nil {
		return err
	}
	baseBytes := int(third>>5) + 1
	patchWidth := widths[third&31]
	gapWidth := int(fourth>>5) + 1
	patches := int(fourth & 31)
	raw, err := r.bigEndian(baseBytes)
	if err != nil {
		return err
	}
	base := int64(raw)
	if sign := uint64(1) << (8*baseBytes - 1); raw&sign != 0 { // sign and magnitude
		base = -int64(raw &^ sign)
	}
	if patchWidth+gapWidth > 64 {
		return corrupt("Invalid width of patches")
	}
	if err := r.unpack(r.values[:n], width); err != nil {
		return err
	}
	list := make([]int64, patches)
	if err := r.unpack(list, closestWidth(patchWidth+gapWidth)); err != nil {
		return err
	}
	at := 0
	for _, p := range list {
		at += int(uint64(p) >> patchWidth)
		if at >= n {
			return corrupt("A patch lies outside its run")
		}
		if width < 64 {
			r.values[at] |= int64(uint64(p)&(1<<patchWidth-1)) << width
		}
	}
	for i := range n {
		r.values[i] += base
	}
	return nil
}

func (r *runs2) deltas(n, width int) error {
	first, err := r.in.uvarint()
	if err != nil {
		return err
	}
	step, err := r.in.uvarint()
	if err != nil {
		return err
	}
	value, delta := int64(first), unzigzag(step)
	if r.signed {
		value = unzigzag(first)
	}
	r.values[0] = value
	if width == 0 {
		for i := 1; i < n; i++ {
			value += delta
			r.values[i] = value
		}
		return nil
	}
	if n < 2 {
		return corrupt("A run of differences has %d values", n)
	}
	value += delta
	r.values[1] = value
	if err := r.unpack(r.values[2:n], width); err != nil {
		return err
	}
	for i := 2; i < n; i++ {
		if delta < 0 {
			value -= r.values[i]
		} else {
			value += r.values[i]
		}
		r.values[i] = value
	}
	return nil
}
