// Package platform asks the desktop for what Go has no call for: dialogs to
// choose files, opening a folder, where pictures live. It knows nothing of Fyne.
package platform

import (
	"os"
	"os/exec"
	"runtime"

	"github.com/adrg/xdg"
)

// Pictures is the user's folder for pictures. It may not exist.
func Pictures() string { return xdg.UserDirs.Pictures }

// Temporary lists the folders whose content vanishes by itself.
func Temporary() []string {
	dirs := []string{os.TempDir(), xdg.CacheHome, xdg.RuntimeDir}
	if runtime.GOOS != "windows" {
		dirs = append(dirs, "/tmp", "/var/tmp", "/run", "/private/tmp")
	}
	return dirs
}

// Open shows a folder in the system's file manager.
func Open(dir string) error {
	var cmd *exec.Cmd
	switch runtime.GOOS {
	case "windows":
		cmd = exec.Command("explorer", dir)
	case "darwin":
		cmd = exec.Command("open", dir)
	default:
		cmd = exec.Command("xdg-open", dir)
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait() // so that no zombie is left; the explorer's exit code says nothing
	return nil
}
