// Command tabir-cli takes location, device and other identifying data out of
// photos, without a window. See README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set when a release is built.
var version = "dev"

// Exit codes. They are part of what scripts rely on.
const (
	exitFailed    = 1
	exitUsage     = 2
	exitRefused   = 3
	exitFound     = 4
	exitCancelled = 130
)

// exit is an error that has been told already and means an exit code.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

func main() {
	// Nearly all memory is a few buffers that stay; waiting until as much garbage
	// has come together as they are large would double it.
	debug.SetGCPercent(25)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	waitForReader()
	os.Exit(code)
}

// run is the program; its exit code is what it returns.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := commands(&env{in: in, out: out, errs: errs})
	root.SetArgs(withDefault(root, args))
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	var code exit
	switch {
	case ctx.Err() != nil:
		return exitCancelled
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintf(errs, "tabir-cli: %s\nhint: tabir-cli --help\n", show(err.Error()))
	return exitUsage
}

// env is where a command reads and writes.
type env struct {
	in        io.Reader
	out, errs io.Writer
}

const examples = `  tabir-cli photo.jpg                     one photo: the copy is clean/photo.jpg beside it
  tabir-cli clean -o ~/share Holiday      a whole folder into another one
  tabir-cli clean --names number *.jpg    copies named photo-001.jpg, photo-002.jpg, …
  tabir-cli inspect photo.jpg             what would the photo give away?
  tabir-cli verify clean                  is everything in this folder clean?
  tabir-cli clean - < in.jpg > out.jpg    from a pipe to a pipe`

func commands(e *env) *cobra.Command {
	root := &cobra.Command{
		Use:   "tabir-cli",
		Short: "Takes location, device and other identifying data out of photos",
		Long: `Tabir makes copies of photos without location, device and other identifying
data. The picture itself is not touched, and every copy is checked after it was
written. Originals stay as they are.

"tabir-cli PATH…" alone means "tabir-cli clean PATH…".

What anyone can see in the picture is still there, and what may be hidden inside
the compressed picture data is not looked at.

Exit codes: 0 all done; 1 a photo failed; 2 wrong usage; 3 a photo cannot be
cleaned; 4 identifying data found (inspect --check, verify); 130 cancelled.`,
		Example:       examples,
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(cleanCommand(e), inspectCommand(e), verifyCommand(e), facesCommand(e), formatsCommand(e), versionCommand(e))
	root.CompletionOptions.HiddenDefaultCmd = false
	return root
}

// withDefault puts "clean" in front of arguments that name no command: photos
// dropped onto the program's icon.
func withDefault(root *cobra.Command, args []string) []string {
	if len(args) == 0 {
		return args
	}
	names := []string{"-h", "--help", "-v", "--version", "help", "completion", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd}
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	if slices.Contains(names, args[0]) {
		return args
	}
	return append([]string{"clean"}, args...)
}
