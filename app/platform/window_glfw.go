//go:build cgo && !ci && (linux || windows || darwin || freebsd || openbsd || netbsd)

package platform

import (
	"fmt"
	"runtime"

	"github.com/go-gl/glfw/v3.4/glfw"
)

// CanOpen tries whether a window can be opened, with the graphics that the
// toolkit asks for: where it cannot, the toolkit ends the program without a word
// to the user. It belongs to the main thread.
func CanOpen() (err error) {
	defer func() {
		if p := recover(); p != nil { // by GLFW's package, on errors that it does not expect
			err = fmt.Errorf("%v", p)
		}
	}()
	if err := glfw.Init(); err != nil {
		return err
	}
	defer glfw.Terminate()
	glfw.WindowHint(glfw.Visible, glfw.False)
	create := "glCreateShader"
	if runtime.GOOS != "darwin" && (runtime.GOARCH == "arm" || runtime.GOARCH == "arm64") {
		glfw.WindowHint(glfw.ClientAPI, glfw.OpenGLESAPI)
		glfw.WindowHint(glfw.ContextVersionMajor, 2)
		glfw.WindowHint(glfw.ContextVersionMinor, 0)
	} else {
		glfw.WindowHint(glfw.ContextVersionMajor, 2)
		glfw.WindowHint(glfw.ContextVersionMinor, 1)
	}
	w, err := glfw.CreateWindow(16, 16, "", nil, nil)
	if err != nil {
		return err
	}
	defer w.Destroy()
	w.MakeContextCurrent()
	defer glfw.DetachCurrentContext()
	if glfw.GetProcAddress(create) == nil {
		return fmt.Errorf("OpenGL has no shaders")
	}
	return nil
}
