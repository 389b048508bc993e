package orc

// byteRuns reads bytes in runs: Byte Run Length Encoding.
type byteRuns struct {
	in      *stream
	left    int
	literal bool
	value   byte
}

func (r *byteRuns) next() (byte, error) {
	if r.left == 0 {
		if err := r.run(); err != nil {
			return 0, err
		}
	}
	r.left--
	if r.literal {
		return r.in.byte()
	}
	return r.value, nil
}

func (r *byteRuns) run() error {
	c, err := r.in.byte()
	if err != nil {
		return err
	}
	if r.literal = c >= 0x80; r.literal {
		r.left = 0x100 - int(c)
		return nil
	}
	r.left = int(c) + 3
	r.value, err = r.in.byte()
	return err
}

// read appends n bytes as numbers with a sign.
func (r *byteRuns) read(to []int64) error {
	for i := range to {
		b, err := r.next()
		if err != nil {
			return err
		}
		to[i] = int64(int8(b))
	}
	return nil
}

// bitRuns reads booleans: the bits, highest first, of bytes in runs.
type bitRuns struct {
	bytes byteRuns
	bits  byte
	left  int
}

func (r *bitRuns) next() (bool, error) {
	if r.left == 0 {
		b, err := r.bytes.next()
		if err != nil {
			return false, err
		}
		r.bits, r.left = b, 8
	}
	v := r.bits&0x80 != 0
	r.bits <<= 1
	r.left--
	return v, nil
}

// read fills to with 0 and 1.
func (r *bitRuns) read(to []int64) error {
	for i := range to {
		v, err := r.next()
		if err != nil {
			return err
		}
		to[i] = 0
		if v {
			to[i] = 1
		}
	}
	return nil
}
