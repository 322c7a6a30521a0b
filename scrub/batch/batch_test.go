package batch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tabir/scrub"
	"tabir/scrub/internal/testkit"
)

// tree writes files below a new folder: photos, or other content.
func tree(t testing.TB, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, n := range names {
		p := filepath.Join(dir, filepath.FromSlash(n))
		require.NoError(t, os.MkdirAll(filepath.Dir(p), 0o777))
		content := []byte("not a photo")
		if strings.Contains(n, "jpg") || strings.Contains(n, "JPG") {
			content = testkit.JPEG(testkit.Segment(0xfe, []byte("a comment in "+n)))
		}
		require.NoError(t, os.WriteFile(p, content, 0o666))
	}
	return dir
}

func find(t testing.TB, o Options, roots ...string) *Work {
	t.Helper()
	w, err := Find(context.Background(), roots, o)
	require.NoError(t, err)
	return w
}

// targets are the jobs as "source -> target", below dir.
func targets(dir string, w *Work) (out []string) {
	rel := func(p string) string {
		r, _ := filepath.Rel(dir, p)
		return filepath.ToSlash(r)
	}
	for _, j := range w.Jobs {
		out = append(out, rel(j.Src)+" -> "+rel(j.Dst))
	}
	return out
}

func TestTargets(t *testing.T) {
	dir := tree(t, "a/x.jpg", "a/b/y.jpg", "c/x.jpg", "c/X.JPG")
	at := func(p string) string { return filepath.Join(dir, p) }
	for name, c := range map[string]struct {
		o     Options
		roots []string
		want  []string
	}{
		"a file":   {Options{}, []string{at("a/x.jpg")}, []string{"a/x.jpg -> a/clean/x.jpg"}},
		"a folder": {Options{}, []string{at("a")}, []string{"a/b/y.jpg -> a-clean/b/y.jpg", "a/x.jpg -> a-clean/x.jpg"}},
		"into a folder": {Options{Out: at("o")}, []string{at("a"), at("c/x.jpg")},
			[]string{"a/b/y.jpg -> o/b/y.jpg", "a/x.jpg -> o/x.jpg", "c/x.jpg -> o/x (2).jpg"}},
		"names that differ in case": {Options{Out: at("o")}, []string{at("c/x.jpg"), at("c/X.JPG")},
			[]string{"c/x.jpg -> o/x.jpg", "c/X.JPG -> o/X (2).JPG"}},
		"neutral names": {Options{Number: true}, []string{at("a")}, []string{"a/b/y.jpg -> a-clean/photo-001.jpg", "a/x.jpg -> a-clean/photo-002.jpg"}},
		"in place":      {Options{InPlace: true}, []string{at("a")}, []string{"a/b/y.jpg -> a/b/y.jpg", "a/x.jpg -> a/x.jpg"}},
		"twice":         {Options{}, []string{at("a/x.jpg"), at("a/../a/x.jpg")}, []string{"a/x.jpg -> a/clean/x.jpg"}},
	} {
		assert.Equal(t, c.want, targets(dir, find(t, c.o, c.roots...)), name)
	}
}

func TestAccentsAreOneName(t *testing.T) {
	dir := tree(t, "a/\u00e9.jpg", "b/e\u0301.jpg")
	w := find(t, Options{Out: filepath.Join(dir, "o")}, filepath.Join(dir, "a"), filepath.Join(dir, "b"))
	require.Len(t, w.Jobs, 2)
	assert.True(t, strings.HasSuffix(w.Jobs[1].Dst, " (2).jpg"), w.Jobs[1].Dst)
}

func TestSkips(t *testing.T) {
	dir := tree(t, "a.jpg", "a.jpg.xmp", "IMG.AAE", "._a.jpg", ".DS_Store", "Thumbs.db", "notes.txt", "out/old.jpg", "deep/b.jpg", ".part-0123456789ab")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "empty.jpg"), nil, 0o666))
	if runtime.GOOS != "windows" {
		require.NoError(t, os.Symlink("a.jpg", filepath.Join(dir, "link.jpg")))
		require.NoError(t, os.Symlink(".", filepath.Join(dir, "loop")))
	}
	w := find(t, Options{Out: filepath.Join(dir, "out")}, dir)
	got := map[string]string{}
	for _, s := range w.Skips {
		got[filepath.Base(s.Path)] = s.Why.String()
	}
	want := map[string]string{
		"a.jpg.xmp": "sidecar", "IMG.AAE": "sidecar", "._a.jpg": "sidecar", ".DS_Store": "sidecar", "Thumbs.db": "sidecar",
		"notes.txt": "not-a-picture", "empty.jpg": "not-a-picture", "out": "own-output", ".part-0123456789ab": "own-output",
	}
	if runtime.GOOS != "windows" {
		want["link.jpg"], want["loop"] = "symbolic-link", "symbolic-link"
	}
	assert.Equal(t, want, got)
	assert.Len(t, w.Jobs, 2)
	assert.Positive(t, w.Bytes)
}

func TestNamedFilesAreAlwaysJobs(t *testing.T) {
	dir := tree(t, "notes.txt", "a.xmp")
	w := find(t, Options{}, filepath.Join(dir, "notes.txt"), filepath.Join(dir, "a.xmp"))
	assert.Len(t, w.Jobs, 2)
	_, err := Find(context.Background(), []string{filepath.Join(dir, "none")}, Options{})
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestRunIsOrdered(t *testing.T) {
	jobs := make([]Job, 300)
	for i := range jobs {
		jobs[i].Src = fmt.Sprint(i)
	}
	var busy, most atomic.Int32
	task := func(context.Context, Job) (*scrub.Report, error) {
		n := busy.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		runtime.Gosched()
		busy.Add(-1)
		return nil, errors.New("as it happens")
	}
	next := 0
	Run(context.Background(), jobs, task, 3, func(e Event) {
		assert.Equal(t, next, e.Index)
		assert.Equal(t, fmt.Sprint(next), e.Job.Src)
		assert.NotNil(t, e.Report)
		assert.Equal(t, scrub.Failed, e.Report.Outcome())
		next++
	})
	assert.Equal(t, 300, next)
	assert.LessOrEqual(t, most.Load(), int32(3))
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	jobs := make([]Job, 100)
	for i := range jobs {
		jobs[i].Size = int64(i)
	}
	task := func(ctx context.Context, j Job) (*scrub.Report, error) {
		if j.Size >= 10 {
			<-ctx.Done() // a photo that takes its time
			return nil, ctx.Err()
		}
		return nil, nil
	}
	done, ends := 0, 0
	Run(ctx, jobs, task, 2, func(e Event) {
		if ends++; ends == 5 {
			cancel()
		}
		if e.Err == nil {
			done++
		} else {
			assert.ErrorIs(t, e.Err, context.Canceled)
		}
	})
	assert.Equal(t, 100, ends, "every job has an end")
	assert.LessOrEqual(t, done, 10)
}

func TestCleanFolder(t *testing.T) {
	dir := tree(t, "in/a.jpg", "in/b/c.jpg")
	w := find(t, Options{}, filepath.Join(dir, "in"))
	var written []string
	Run(context.Background(), w.Jobs, Clean(Options{}), 0, func(e Event) {
		require.NoError(t, e.Err)
		assert.Equal(t, scrub.Cleaned, e.Report.Outcome())
		written = append(written, e.Job.Dst)
	})
	require.NoError(t, Settle(written))
	again := find(t, Options{}, filepath.Join(dir, "in-clean"))
	require.Len(t, again.Jobs, 2)
	Run(context.Background(), again.Jobs, Verify(Options{}), 0, func(e Event) {
		assert.Equal(t, scrub.AlreadyClean, e.Report.Outcome())
	})
	Run(context.Background(), w.Jobs, Inspect(Options{}), 0, func(e Event) {
		assert.Equal(t, scrub.Inspected, e.Report.Outcome())
		assert.NotEmpty(t, e.Report.Identifying())
	})
}

func BenchmarkClean(b *testing.B) {
	dir := tree(b, "in/a.jpg")
	src := testkit.JPEG(testkit.Segment(0xfe, []byte("a comment")))
	grain := make([]byte, 6<<20)
	for i := range grain {
		grain[i] = byte(i*i>>7) &^ 1
	}
	src = append(append(src[:len(src)-2:len(src)-2], grain...), 0xff, 0xd9)
	require.NoError(b, os.WriteFile(filepath.Join(dir, "in", "a.jpg"), src, 0o666))
	w := find(b, Options{}, filepath.Join(dir, "in"))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		Run(context.Background(), w.Jobs, Clean(Options{Overwrite: true}), 1, func(e Event) {
			if e.Err != nil {
				b.Fatal(e.Err)
			}
		})
	}
}

// TestCompanions: what belongs to a photo that is named alone is told of.
func TestCompanions(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"IMG_1.HEIC", "img_1.mov", "IMG_1.AAE", "IMG_1.HEIC.json", "IMG_10.mov", "IMG_1.jpg", "IMG_2.xmp"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, n), nil, 0o666))
	}
	w, err := Find(context.Background(), []string{filepath.Join(dir, "IMG_1.HEIC")}, Options{})
	require.NoError(t, err)
	var got []string
	for _, s := range w.Skips {
		assert.Equal(t, Companion, s.Why)
		assert.Equal(t, "IMG_1.HEIC", s.Detail)
		got = append(got, filepath.Base(s.Path))
	}
	assert.ElementsMatch(t, []string{"img_1.mov", "IMG_1.AAE", "IMG_1.HEIC.json"}, got)

	w, err = Find(context.Background(), []string{filepath.Join(dir, "IMG_1.HEIC"), filepath.Join(dir, "img_1.mov")}, Options{})
	require.NoError(t, err)
	assert.Len(t, w.Jobs, 2)
	assert.Len(t, w.Skips, 2, "what is named is worked on")
}

// TestFromPixelsTargets: the copy is named by what it will be, and two sources never
// get the same one.
func TestFromPixelsTargets(t *testing.T) {
	dir := tree(t, "a/x.jpg", "a/y.txt")
	heic, err := os.ReadFile("../internal/codec/testdata/corners.heic")
	require.NoError(t, err)
	for _, n := range []string{"a/x.heic", "a/x.HEIF", "a/cut.heic"} {
		b := heic
		if n == "a/cut.heic" {
			b = heic[:100]
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, n), b, 0o666))
	}
	w := find(t, Options{FromPixels: true}, filepath.Join(dir, "a"))
	assert.ElementsMatch(t, []string{
		"a/cut.heic -> a-clean/cut.heic", // refused by name
		"a/x.HEIF -> a-clean/x.jpg",
		"a/x.heic -> a-clean/x (2).jpg",
		"a/x.jpg -> a-clean/x (3).jpg",
	}, targets(dir, w))
	require.Len(t, w.Skips, 1)
	assert.Equal(t, NotPicture, w.Skips[0].Why)
}

// TestTwoExtensions: a name whose extension is known only later keeps both free.
func TestTwoExtensions(t *testing.T) {
	f := finder{taken: map[string]bool{}}
	assert.Equal(t, "x.heic", f.free("x.heic", ".jpg"))
	assert.Equal(t, "x (2).jpg", f.free("x.jpg", ""))
	assert.Equal(t, "x (3).webp", f.free("x.webp", ".jpg"))
	assert.Equal(t, "X (2).heic", f.free("X.heic", ""))
}
