package projection

import "time"

// instant is a moment in UTC.
type instant = time.Time

// sequence is all values of a key, made one by one when they are asked for.
type sequence interface {
	// length is how many there are.
	length() uint64
	// at makes the value of a place.
	at(i uint64) text
	// find returns the place of a value's text, where it is one.
	find(value string) (uint64, bool)
	// runs are the stretches in which the typed values are in order: a bound is
	// searched there. The places in no run are looked at one by one.
	runs() []run
}

// text is a value of a key as it stands in the catalog and in the folder.
type text struct{ value, folder string }

// run is the places from one to before another, in rising or falling order.
type run struct {
	from, to uint64
	falling  bool
}
