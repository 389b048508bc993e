package duckdbudf

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/scopsdb/scops/internal/sql/functions"
)

// udf is a scalar function. A NULL argument gives NULL before it is called,
// unless nulls is set; it gives nil for NULL itself.
type udf struct {
	name   string
	in     []kind
	out    kind
	rest   kind                // of more arguments, or nil
	nulls  bool                // NULL arguments come as nil
	text   func(string) string // a function of one text that is never NULL
	atPath pathFunc            // a function of JSON text and a path, to text
	maybe  textFunc            // as text, but it may fail or give NULL
	// compile makes a textFunc of a second argument, which is nearly always a
	// constant.
	compile func(argument string) (textFunc, error)
	run     func(args []driver.Value) (any, error)
	config  duckdb.ScalarFuncConfig
	// volatile keeps DuckDB from computing a call of constants beforehand.
	volatile bool
	// fails is set where run may fail: DuckDB passes a text before the
	// arguments, which is empty where NULL is wanted in place of an error that
	// TRY catches, functions.PassMode in place of one that it lets through.
	fails bool
}

func (u *udf) Config() duckdb.ScalarFuncConfig { return u.config }

func (u *udf) Executor() duckdb.ScalarFuncExecutor {
	switch {
	case u.atPath != nil:
		return u.chunks(u.pathChunk)
	case u.text != nil:
		return u.chunks(textChunks(func(s string) (string, bool, error) { return u.text(s), true, nil }))
	case u.maybe != nil:
		return u.chunks(textChunks(u.maybe))
	case u.compile != nil:
		return u.chunks(u.compiledChunk)
	}
	if u.fails {
		return duckdb.ScalarFuncExecutor{RowExecutor: u.failing}
	}
	return duckdb.ScalarFuncExecutor{RowExecutor: u.guarded}
}

// chunks runs a function over whole chunks, guarded as rows are.
func (u *udf) chunks(run duckdb.ChunkContextExecutorFn) duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{ChunkContextExecutor: func(ctx context.Context, state *duckdb.ChunkIteratorState) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = failure("GENERIC_INTERNAL_ERROR", "%s: %v", u.name, r)
			}
		}()
		return run(ctx, state)
	}}
}

// guarded makes an error of a defect that would end the process, for DuckDB
// calls it from C.
func (u *udf) guarded(args []driver.Value) (v any, err error) {
	defer func() {
		if r := recover(); r != nil {
			v, err = nil, failure("GENERIC_INTERNAL_ERROR", "%s: %v", u.name, r)
		}
	}()
	return u.run(args)
}

// failing runs a function that may fail.
func (u *udf) failing(args []driver.Value) (any, error) {
	v, err := u.guarded(args[1:])
	if err == nil {
		return v, nil
	}
	name, _, _ := functions.ParseError(err.Error())
	switch {
	case args[0] == "" && name != "NOT_SUPPORTED":
		return nil, nil
	case args[0] == functions.PassMode && !functions.TryCatches(name):
		return nil, nil
	}
	return nil, err
}

// Register defines the functions in the instance of a connection. It is done
// once for an instance.
func Register(conn *sql.Conn) error {
	for _, u := range slices.Concat(udfs, stringUDFs, regexpUDFs, binaryUDFs, mathUDFs, shiftUDFs, formatUDFs, addressUDFs, colorUDFs, castUDFs, timeUDFs, groupUDFs, geometryUDFs, geometryPartUDFs, relationUDFs, tileUDFs) {
		if err := u.prepare(); err != nil {
			return fmt.Errorf("register %s: %w", u.name, err)
		}
		if err := duckdb.RegisterScalarUDF(conn, u.name, &u); err != nil {
			return fmt.Errorf("register %s: %w", u.name, err)
		}
	}
	return nil
}

func (u *udf) prepare() error {
	u.config.SpecialNullHandling = u.nulls
	if u.fails {
		u.in = append([]kind{text}, u.in...)
	}
	for _, t := range u.in {
		info, err := t()
		if err != nil {
			return err
		}
		u.config.InputTypeInfos = append(u.config.InputTypeInfos, info)
	}
	if u.rest != nil {
		info, err := u.rest()
		if err != nil {
			return err
		}
		u.config.VariadicTypeInfo = info
	}
	info, err := u.out()
	u.config.ResultTypeInfo, u.config.Volatile = info, u.volatile
	return err
}

// Setup makes an instance ready for emitted SQL: Register, then
// functions.Prelude.
func Setup(ctx context.Context, conn *sql.Conn) error {
	if err := Register(conn); err != nil {
		return err
	}
	for _, statement := range functions.Prelude() {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("prelude: %w", err)
		}
	}
	return nil
}

// failure is an error in Trino's terms, as ParseError finds it in DuckDB's
// message.
func failure(name, format string, args ...any) error {
	return fmt.Errorf(functions.ErrorPrefix+name+": "+format, args...)
}
