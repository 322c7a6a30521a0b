//go:build nodynamic

package codec

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
	_ "unsafe" // for linkname

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	_ "github.com/gen2brain/avif"
	_ "github.com/gen2brain/heic"
	_ "github.com/gen2brain/jpegxl"

	"tabir/scrub/meta"
)

// Available says whether there are decoders in this program.
const Available = true

// The programs, compressed. The modules offer them only together with a runtime
// that has no limit of memory and lets them write to standard output.
var (
	//go:linkname heifWasm github.com/gen2brain/heic.heifWasm
	heifWasm []byte
	//go:linkname avifWasm github.com/gen2brain/avif.avifWasm
	avifWasm []byte
	//go:linkname jxlDecodeWasm github.com/gen2brain/jpegxl.decodeWasm
	jxlDecodeWasm []byte
	//go:linkname jxlEncodeWasm github.com/gen2brain/jpegxl.encodeWasm
	jxlEncodeWasm []byte
)

var (
	heic       = program{name: "heic", wasm: &heifWasm}
	avif       = program{name: "avif", wasm: &avifWasm}
	jxlDecoder = program{name: "jxl", wasm: &jxlDecodeWasm}
	jxlEncoder = program{name: "jxl", wasm: &jxlEncodeWasm}
)

// Limits of one run of a program, and of how many there are.
const (
	pageSize  = 64 << 10
	maxMemory = 1 << 30 / pageSize // pages
	maxTime   = time.Minute
	maxRuns   = 2
)

// runs holds a token for every run. Machine code that looks at every turn of a
// loop whether it should stop is five times slower; so a run is never stopped. Who
// waits for one that takes too long leaves it behind: it holds its memory and its
// place until it ends, and there are never more than maxRuns of them.
var runs = make(chan struct{}, maxRuns)

// alone does something that may take long, and waits for it as long as it may take.
func alone[T any](ctx context.Context, f func() (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	var none T
	select {
	case runs <- struct{}{}:
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
	type end struct {
		v   T
		err error
	}
	done := make(chan end, 1)
	go func() {
		defer func() { <-runs }()
		var e end
		defer func() {
			if p := recover(); p != nil {
				e.err = fmt.Errorf("%w: %v\n%s", meta.ErrInternal, p, debug.Stack())
			}
			done <- e
		}()
		e.v, e.err = f()
	}()
	select {
	case e := <-done:
		return e.v, e.err
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

// program is compiled to machine code when it is first used.
type program struct {
	name string
	wasm *[]byte

	once     sync.Once
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	err      error
}

func (p *program) compile() {
	p.once.Do(func() {
		z, err := gzip.NewReader(bytes.NewReader(*p.wasm))
		if err != nil {
			p.err = err
			return
		}
		code, err := io.ReadAll(z)
		if err != nil {
			p.err = err
			return
		}
		ctx := experimental.WithCompilationWorkers(context.Background(), runtime.GOMAXPROCS(0))
		p.runtime = wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2|experimental.CoreFeaturesThreads). // avif.wasm has locks, but one thread
			WithMemoryLimitPages(maxMemory))
		// The programs ask for the functions of WASI; they are given no file, no
		// argument, no clock but a false one, and their output goes nowhere.
		if _, p.err = wasi_snapshot_preview1.Instantiate(ctx, p.runtime); p.err == nil {
			p.compiled, p.err = p.runtime.CompileModule(ctx, code)
		}
	})
}

// decoding is one run of a program. It is thrown away afterwards, with all its memory.
type decoding struct {
	*program
	module api.Module
	in     [2]uint64 // address and length of the file
	fields []uint64  // addresses of what the program says of the picture
}

func (p *program) run() (*decoding, error) {
	if p.compile(); p.err != nil {
		return nil, fmt.Errorf("%s: compiling: %w: %w", p.name, meta.ErrInternal, p.err)
	}
	m, err := p.runtime.InstantiateModule(context.Background(), p.compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions("_initialize"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", p.name, meta.ErrInternal, err)
	}
	return &decoding{program: p, module: m}, nil
}

func (d *decoding) close() { d.module.Close(context.Background()) }

// decode hands a program the file and room for what it says of the picture, a
// number of 32-bit fields, and asks for those. The rest is the business of f.
func decode[T any](ctx context.Context, p *program, file []byte, fields int, f func(*decoding) (T, error)) (T, error) {
	return alone(ctx, func() (none T, err error) {
		d, err := p.run()
		if err != nil {
			return none, err
		}
		defer d.close()
		at, err := d.give(file)
		if err != nil {
			return none, err
		}
		d.in = [2]uint64{at, uint64(len(file))}
		if at, err = d.call("malloc", uint64(4*fields)); err != nil {
			return none, err
		}
		for i := range fields {
			d.fields = append(d.fields, at+uint64(4*i))
		}
		if err := d.ask(aboutOnly, 0); err != nil {
			return none, err
		}
		return f(d)
	})
}

// encode hands samples to a program and returns the file that it makes.
func (p *program) encode(ctx context.Context, samples []byte, size image.Point, options ...uint64) ([]byte, error) {
	return alone(ctx, func() ([]byte, error) {
		d, err := p.run()
		if err != nil {
			return nil, err
		}
		defer d.close()
		in, err := d.give(samples)
		if err != nil {
			return nil, err
		}
		length, err := d.call("malloc", 8)
		if err != nil {
			return nil, err
		}
		at, err := d.call("encode", append([]uint64{in, uint64(size.X), uint64(size.Y), length}, options...)...)
		if err != nil {
			return nil, err
		}
		n, _ := d.module.Memory().ReadUint32Le(uint32(length)) // an address that malloc gave
		return d.take(at, int(n))
	})
}

// call calls a function of the program that returns one number, which is not 0.
func (d *decoding) call(name string, args ...uint64) (uint64, error) {
	out, err := d.module.ExportedFunction(name).Call(context.Background(), args...)
	if err != nil {
		return 0, d.failed(err)
	}
	if len(out) != 1 || out[0] == 0 {
		return 0, d.failed(errors.New(name + " returned nothing"))
	}
	return out[0], nil
}

// failed says what the end of a program means.
func (d *decoding) failed(err error) error {
	why := meta.ErrMalformed
	if d.module.Memory().Size() > maxMemory/2*pageSize {
		why = meta.ErrLimit
	}
	first, _, _ := strings.Cut(err.Error(), "\n") // without a trace of addresses
	return fmt.Errorf("%s: %w: %s", d.name, why, first)
}

func (d *decoding) unknown(what string, n int) error {
	return fmt.Errorf("%s: %s %d: %w", d.name, what, n, meta.ErrUnsupported)
}

// give copies b into the program's memory.
func (d *decoding) give(b []byte) (uint64, error) {
	at, err := d.call("malloc", uint64(len(b)))
	if err == nil && !d.module.Memory().Write(uint32(at), b) {
		err = d.failed(errors.New("no room"))
	}
	return at, err
}

// What a program is asked for.
const (
	andSamples = 0
	aboutOnly  = 1
)

// ask calls the program's one function: for its fields alone, or also for the
// samples, which go to the address out.
func (d *decoding) ask(what, out uint64) error {
	args := append(slices.Clone(d.in[:]), what)
	if d.program != &heic {
		args = append(args, 0) // not all frames
	}
	args = append(args, d.fields...)
	if d.program != &heic {
		at, err := d.call("malloc", 64<<10) // the durations of frames
		if err != nil {
			return err
		}
		args = append(args, at)
	}
	_, err := d.call("decode", append(args, out)...)
	return err
}

// field is one of the numbers that the program says of the picture.
func (d *decoding) field(i int) int {
	v, _ := d.module.Memory().ReadUint32Le(uint32(d.fields[i])) // an address that malloc gave
	return int(v)
}

// picture decodes into size bytes and copies them out.
func (d *decoding) picture(size int) ([]byte, error) {
	if size <= 0 || size > maxMemory*pageSize {
		return nil, fmt.Errorf("%s: %d bytes of samples: %w", d.name, size, meta.ErrLimit)
	}
	at, err := d.call("malloc", uint64(size))
	if err != nil {
		return nil, err
	}
	if err := d.ask(andSamples, at); err != nil {
		return nil, err
	}
	return d.take(at, size)
}

func (d *decoding) take(at uint64, size int) ([]byte, error) {
	b, ok := d.module.Memory().Read(uint32(at), uint32(size))
	if !ok {
		return nil, d.failed(errors.New("samples outside the memory"))
	}
	return bytes.Clone(b), nil
}
