// Package codec decodes and encodes what the standard library does not: HEIC,
// AVIF, JPEG XL and WebP. The decoders are C and C++ programs, compiled to
// WebAssembly and run in a sandbox (sandbox.go): a mistake in one of them reaches
// neither Tabir's memory nor a file, its memory has a limit, and nobody waits for
// it for longer than a minute. They are taken from the modules of
// github.com/gen2brain, whose Go code is not used: without the build tag nodynamic
// it would load a library of the host. Without that tag there are no decoders here
// at all (none.go).
//
// Nothing here looks at sizes before decoding: that is the caller's business.
package codec
