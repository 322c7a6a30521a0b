package model

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tabir/app/sample"
)

// BenchmarkScan drops a folder of 1,000 photos of 5 MB on the window and waits
// until all are listed with what was found. It needs 5 GB of disk.
func BenchmarkScan(b *testing.B) {
	if testing.Short() {
		b.Skip("it writes 5 GB")
	}
	const count = 1000
	dir := b.TempDir()
	for i := range 4 {
		write(b, filepath.Join(dir, fmt.Sprintf("%04d.jpg", i)), uint64(i))
	}
	for i := 4; i < count; i++ {
		photo, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%04d.jpg", i%4)))
		require.NoError(b, err)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.jpg", i)), photo, 0o666); err != nil {
			b.Skip("there is no room for the photos: ", err)
		}
	}
	for b.Loop() {
		var mu sync.Mutex
		var posted []func()
		s := New(Config{Engine: Files(), Changed: func() {}, Post: func(f func()) {
			mu.Lock()
			defer mu.Unlock()
			posted = append(posted, f)
		}})
		s.Add([]string{dir}, 0)
		for s.ctx != nil {
			time.Sleep(time.Millisecond)
			mu.Lock()
			now := posted
			posted = nil
			mu.Unlock()
			for _, f := range now {
				f()
			}
		}
		require.Len(b, s.items, count)
		for _, it := range s.items {
			require.NoError(b, it.Err)
			require.NotNil(b, it.Report)
		}
	}
}

// write makes a grainy photo of about 5 MB, with what a sample tells before it.
func write(b *testing.B, path string, seed uint64) {
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range m.Y {
		m.Y[i] = byte(40+160*i/len(m.Y)) + byte(r.Uint32()&31)
	}
	var coded bytes.Buffer
	require.NoError(b, jpeg.Encode(&coded, m, &jpeg.Options{Quality: 93}))
	told := segments(sample.Photos()[0].Data)
	require.NotEmpty(b, told)
	require.NoError(b, os.WriteFile(path, slices.Concat(coded.Bytes()[:2], told, coded.Bytes()[2:]), 0o666))
}

// segments are the application segments at the start of a JPEG.
func segments(photo []byte) []byte {
	end := 2
	for photo[end] == 0xff && photo[end+1]&0xf0 == 0xe0 {
		end += 2 + int(binary.BigEndian.Uint16(photo[end+2:]))
	}
	return photo[2:end]
}
