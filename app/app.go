// Package app wires the desktop app: the engine, the model, the window, the
// desktop. It is the only place that knows all of them.
package app

import (
	"runtime/debug"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"

	"tabir/app/model"
	"tabir/app/platform"
	"tabir/app/text"
	"tabir/app/ui"
	"tabir/assets"
)

// ID names the app for the desktop. It must never change.
const ID = "io.github.tabir"

// memory is what the collector of garbage aims at, in bytes. Decoding a photo of
// 48 million pixels needs some 100 to 200 MB for a moment; the rest of the app needs some 30.
const memory = 128 << 20

// Run opens the window of a with files and folders on the list, and returns when
// it is closed.
func Run(a fyne.App, paths []string) {
	debug.SetMemoryLimit(memory)
	a.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon))
	a.Settings().SetTheme(ui.Theme())
	w := text.For(lang.SystemLocale().String())
	win := a.NewWindow("Tabir")
	var main *ui.Main
	main = ui.New(win, w, model.Config{
		Engine: model.Files(),
		Places: model.Places{Folder: w.T("cleaned copies"), Pictures: platform.Pictures(), Temporary: platform.Temporary()},
		Post:   fyne.Do,
	}, ui.Actions{
		Choose: func(folder bool) { choose(win, w, folder, func(p []string) { main.Add(p) }) },
		Open:   func(dir string) { open(win, dir) },
	})
	win.Resize(fyne.NewSize(1140, 760))
	win.CenterOnScreen()
	win.SetMaster()
	if len(paths) > 0 {
		a.Lifecycle().SetOnStarted(func() { main.Add(paths) })
	}
	win.SetCloseIntercept(func() {
		win.Hide()
		main.Session().Close(win.Close)
	})
	win.ShowAndRun()
}

// choose asks by the desktop's own dialog, else by Fyne's, which takes one file.
func choose(win fyne.Window, w text.Words, folder bool, add func([]string)) {
	title := w.T("Choose photos")
	if folder {
		title = w.T("Choose a folder with photos")
	}
	go func() {
		paths, err := platform.Choose(title, folder)
		fyne.Do(func() {
			switch {
			case err == nil:
				if len(paths) > 0 {
					add(paths)
				}
			case folder:
				dialog.ShowFolderOpen(func(u fyne.ListableURI, err error) {
					if err == nil && u != nil {
						add([]string{u.Path()})
					}
				}, win)
			default:
				d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
					if err == nil && f != nil {
						f.Close()
						add([]string{f.URI().Path()})
					}
				}, win)
				d.SetFilter(storage.NewMimeTypeFileFilter([]string{"image/*"}))
				d.Show()
			}
		})
	}()
}

func open(win fyne.Window, dir string) {
	if err := platform.Open(dir); err != nil {
		dialog.ShowError(err, win)
	}
}
