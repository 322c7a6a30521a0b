package platform

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/adrg/xdg"
)

// portableFile, beside the program, switches portable mode on; portableFolder is
// where it keeps things.
const portableFile, portableFolder = "tabir-portable.txt", "tabir-data"

// Place says where the program may keep things of its own.
type Place struct {
	Portable bool
	Settings string // a file; empty: settings cannot be kept
	Toolkit  string // a folder for what the window's toolkit writes; empty: a temporary one
}

// FindPlace looks for the file that switches portable mode on. Where the folder
// beside the program can only be read nothing is kept.
func FindPlace() Place {
	program, err := os.Executable()
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err == nil {
		dir := filepath.Dir(program)
		if i := strings.Index(dir, ".app/Contents/"); i >= 0 {
			dir = filepath.Dir(dir[:i]) // beside the bundle of macOS, not in it
		}
		if p, ok := portable(dir); ok {
			return p
		}
	}
	return Place{Settings: filepath.Join(xdg.ConfigHome, "tabir", "settings.json")}
}

func portable(dir string) (Place, bool) {
	if _, err := os.Stat(filepath.Join(dir, portableFile)); err != nil {
		return Place{}, false
	}
	probe, err := os.MkdirTemp(dir, ".tmp-*")
	if err != nil {
		return Place{Portable: true}, true
	}
	os.Remove(probe)
	data := filepath.Join(dir, portableFolder)
	return Place{Portable: true, Settings: filepath.Join(data, "settings.json"), Toolkit: filepath.Join(data, "cache")}, true
}

// Toolkit keeps what the window's toolkit and the graphics driver write out of
// the user's profile: Fyne makes folders, an index of fonts and a file of
// preferences, whether anything is to be remembered or not.
type Toolkit struct {
	dir       string
	temporary bool
	had       map[string]*string // of the environment
}

// NewToolkit names the folder that is used instead of the profile.
func NewToolkit(p Place) *Toolkit {
	t := &Toolkit{dir: p.Toolkit, had: map[string]*string{}}
	if t.dir == "" {
		t.temporary = true
		dir, err := os.MkdirTemp("", ".tmp-*")
		if err != nil {
			dir = os.DevNull // nothing can be written there
		}
		t.dir = dir
	}
	return t
}

// values are those of the variables of the environment that lead to the profile. On macOS
// there are none: the folders there are not asked for by a variable.
func (t *Toolkit) values() map[string]string {
	switch runtime.GOOS {
	case "windows":
		return map[string]string{"LocalAppData": t.dir, "AppData": t.dir}
	case "darwin":
		return nil
	}
	return map[string]string{
		"XDG_CACHE_HOME": t.dir, "XDG_CONFIG_HOME": t.dir,
		"MESA_SHADER_CACHE_DISABLE": "true", "__GL_SHADER_DISK_CACHE": "0",
	}
}

// Divert leads the toolkit to the folder. Programs that are started meanwhile are
// led there, too.
func (t *Toolkit) Divert() {
	for k, v := range t.values() {
		if _, ok := t.had[k]; !ok {
			t.had[k] = nil
			if old, ok := os.LookupEnv(k); ok {
				t.had[k] = &old
			}
		}
		os.Setenv(k, v)
	}
}

// Restore the environment, for the programs that are started.
func (t *Toolkit) Restore() {
	for k, v := range t.had {
		if v == nil {
			os.Unsetenv(k)
		} else {
			os.Setenv(k, *v)
		}
	}
}

// Remove what the toolkit wrote, unless it is to stay beside the program, which must
// end now. The toolkit watches its files, and may write them anew or fail when they
// vanish under it: so they vanish a moment after it.
func (t *Toolkit) Remove() {
	if !t.temporary || !strings.HasPrefix(filepath.Base(t.dir), ".tmp-") {
		return
	}
	if runtime.GOOS != "windows" {
		after := exec.Command("/bin/sh", "-c", `sleep 0.2; rm -rf "$1"`, "sh", t.dir)
		if after.Start() == nil {
			return
		}
	}
	os.RemoveAll(t.dir)
}
