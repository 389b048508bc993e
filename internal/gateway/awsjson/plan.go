package awsjson

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
	"unsafe"
)

// plan is how values of one type are read and written. The pointers point to
// a value of that type.
type plan struct {
	read  func(d *decoder, p unsafe.Pointer) error
	write func(e *encoder, p unsafe.Pointer)
	omit  func(p unsafe.Pointer) bool // not written as a member of a struct
}

var plans sync.Map // reflect.Type → *plan

var building sync.Mutex

// planFor returns the plan of a type.
func planFor(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	building.Lock()
	defer building.Unlock()
	b := builder{}
	p := b.plan(t)
	for t, p := range b {
		plans.Store(t, p) // complete now, with all that they refer to
	}
	return p
}

// Prepare makes the plan for v, a pointer to a struct, ahead of the first
// request. It panics for types that are no AWS shapes.
func Prepare(v any) { planFor(reflect.TypeOf(v).Elem()) }

// builder holds the plans under construction, so that a type may refer to
// itself.
type builder map[reflect.Type]*plan

func (b builder) plan(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	if p, ok := b[t]; ok {
		return p
	}
	p := &plan{omit: never}
	b[t] = p
	b.fill(p, t)
	return p
}

func never(unsafe.Pointer) bool { return false }

func nilPointer(p unsafe.Pointer) bool { return *(*unsafe.Pointer)(p) == nil }

var (
	timeType  = reflect.TypeFor[time.Time]()
	bytesType = reflect.TypeFor[[]byte]()
)

func (b builder) fill(p *plan, t reflect.Type) {
	switch {
	case t == timeType:
		p.read, p.write = readTime, writeTime
		return
	case t == bytesType:
		p.read, p.write, p.omit = readBytes, writeBytes, nilPointer
		return
	}
	switch t.Kind() {
	case reflect.String:
		p.read, p.write = readString, writeString
		p.omit = func(p unsafe.Pointer) bool { return *(*string)(p) == "" }
	case reflect.Bool:
		p.read, p.write = readBool, writeBool
	case reflect.Int32:
		p.read, p.write = readInt32, writeInt[int32]
	case reflect.Int64:
		p.read, p.write = readInt64, writeInt[int64]
	case reflect.Int:
		p.read, p.write = readInt, writeInt[int]
	case reflect.Float32:
		p.read, p.write = readFloat32, writeFloat32
	case reflect.Float64:
		p.read, p.write = readFloat64, writeFloat64
	case reflect.Pointer:
		b.pointer(p, t)
	case reflect.Slice:
		b.slice(p, t)
	case reflect.Map:
		b.mapping(p, t)
	case reflect.Struct:
		b.structure(p, t)
	case reflect.Interface:
		union(p, t)
	default:
		panic(fmt.Sprintf("awsjson: type %v is not of the AWS shapes", t))
	}
}

func (b builder) pointer(p *plan, t reflect.Type) {
	elem, et := b.plan(t.Elem()), t.Elem()
	p.omit = nilPointer
	p.read = func(d *decoder, p unsafe.Pointer) error {
		v := reflect.New(et).UnsafePointer()
		if err := elem.read(d, v); err != nil {
			return err
		}
		*(*unsafe.Pointer)(p) = v
		return nil
	}
	p.write = func(e *encoder, p unsafe.Pointer) {
		if target := *(*unsafe.Pointer)(p); target != nil {
			elem.write(e, target)
			return
		}
		e.buf = append(e.buf, "null"...)
	}
}

// sliceHeader is the memory of a slice, which reflect describes in the same
// way for every element type.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}

func (b builder) slice(p *plan, t reflect.Type) {
	elem, size := b.plan(t.Elem()), t.Elem().Size()
	p.omit = nilPointer
	p.read = func(d *decoder, p unsafe.Pointer) error {
		s := reflect.NewAt(t, p).Elem()
		s.Set(reflect.MakeSlice(t, 0, 4))
		return d.list(func() error {
			n := s.Len()
			if n == s.Cap() {
				s.Grow(n)
			}
			s.SetLen(n + 1)
			item := s.Index(n)
			item.SetZero()
			if d.null() {
				return nil
			}
			return elem.read(d, item.Addr().UnsafePointer())
		})
	}
	p.write = func(e *encoder, p unsafe.Pointer) {
		h := (*sliceHeader)(p)
		e.buf = append(e.buf, '[')
		for i := range h.len {
			if i > 0 {
				e.buf = append(e.buf, ',')
			}
			elem.write(e, unsafe.Add(h.data, uintptr(i)*size))
		}
		e.buf = append(e.buf, ']')
	}
}

func (b builder) mapping(p *plan, t reflect.Type) {
	if t.Key().Kind() != reflect.String {
		panic(fmt.Sprintf("awsjson: keys of %v are not strings", t))
	}
	elem := b.plan(t.Elem())
	p.omit = nilPointer
	p.read = func(d *decoder, p unsafe.Pointer) error {
		m := reflect.MakeMap(t)
		reflect.NewAt(t, p).Elem().Set(m)
		return d.object(func(name []byte) error {
			if d.null() {
				return nil
			}
			v := reflect.New(t.Elem())
			if err := elem.read(d, v.UnsafePointer()); err != nil {
				return err
			}
			m.SetMapIndex(reflect.ValueOf(string(name)).Convert(t.Key()), v.Elem())
			return nil
		})
	}
	p.write = func(e *encoder, p unsafe.Pointer) { e.mapping(reflect.NewAt(t, p).Elem(), elem) }
}

type field struct {
	prefix string // the member's name, quoted, with its colon
	offset uintptr
	*plan
}

// wireNames are the members whose wire name is not that of the Go field.
var wireNames = map[string]string{
	"CreateQueueInput.Tags":                      "tags",
	"ListDeadLetterSourceQueuesOutput.QueueUrls": "queueUrls",
}

func (b builder) structure(p *plan, t reflect.Type) {
	fields := make([]field, 0, t.NumField())
	byName := make(map[string]*field, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		name := f.Name
		if wire, ok := wireNames[t.Name()+"."+name]; ok {
			name = wire
		}
		fields = append(fields, field{prefix: `"` + name + `":`, offset: f.Offset, plan: b.plan(f.Type)})
		byName[name] = &fields[len(fields)-1]
	}
	p.read = func(d *decoder, p unsafe.Pointer) error {
		return d.object(func(name []byte) error {
			f, ok := byName[string(name)]
			if !ok {
				return d.skip()
			}
			if d.null() {
				return nil
			}
			return f.read(d, unsafe.Add(p, f.offset))
		})
	}
	p.write = func(e *encoder, p unsafe.Pointer) {
		e.buf = append(e.buf, '{')
		first := true
		for i := range fields {
			f := &fields[i]
			at := unsafe.Add(p, f.offset)
			if f.omit(at) {
				continue
			}
			if !first {
				e.buf = append(e.buf, ',')
			}
			first = false
			e.buf = append(e.buf, f.prefix...)
			f.write(e, at)
		}
		e.buf = append(e.buf, '}')
	}
}

// union writes the one member of a union (a type XMemberName{Value: …}). Which
// types belong to a union cannot be seen from it, so none can be read.
func union(p *plan, t reflect.Type) {
	p.omit = func(p unsafe.Pointer) bool { return reflect.NewAt(t, p).Elem().IsNil() }
	p.read = func(d *decoder, _ unsafe.Pointer) error {
		return &SyntaxError{Message: fmt.Sprintf("members of type %s are not supported", t.Name())}
	}
	p.write = func(e *encoder, p unsafe.Pointer) {
		v := reflect.NewAt(t, p).Elem().Elem()
		_, name, ok := strings.Cut(reflect.Indirect(v).Type().Name(), "Member")
		if !ok || v.Kind() != reflect.Pointer || !v.Elem().FieldByName("Value").IsValid() {
			e.err = fmt.Errorf("awsjson: %v is no member of a union", v.Type())
			return
		}
		value := v.Elem().FieldByName("Value")
		e.buf = append(e.buf, '{', '"')
		e.buf = append(e.buf, name...)
		e.buf = append(e.buf, '"', ':')
		planFor(value.Type()).write(e, value.Addr().UnsafePointer())
		e.buf = append(e.buf, '}')
	}
}
