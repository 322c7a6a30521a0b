package platform

import (
	"errors"
	"fmt"
	"os"

	"github.com/Bios-Marcel/wastebasket/v2"
)

// Trash moves a file to the system's trash, from where anybody at this computer
// can restore it. Where there is no trash the file stays, and the error says so.
func Trash(path string) error {
	if err := wastebasket.Trash(path); err != nil {
		return err
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is still there", path)
	}
	return nil
}
