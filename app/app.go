// Package app wires the desktop app: the engine, the model, the window, the
// desktop. It is the only place that knows all of them.
package app

import (
	"runtime"
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

// Main is the program: it opens the window with files and folders on the list
// and returns when that is closed. Where no window can be opened it asks by the
// system's own dialogs. It returns the exit code.
func Main(open func(id string) fyne.App, paths []string) int {
	debug.SetMemoryLimit(memory)
	// One more than there are processors: the window would else wait until one of
	// those who work on files steps aside, 10 ms and more each time.
	workers := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(workers + 1)
	place := platform.FindPlace()
	store := model.Store{Path: place.Settings, Portable: place.Portable}
	settings := ui.Settings{System: platform.Languages(), Store: store, Keep: store.Save}
	v := store.Load()
	v.Remember = v.Remember || place.Portable && store.Remembers()
	w := settings.Words(v)
	config := model.Config{
		Engine:   model.Files(), // before the profile is out of reach: a detector may lie there
		Places:   model.Places{Folder: w.T("cleaned copies"), Unseen: w.T("not looked at"), Pictures: platform.Pictures(), Temporary: platform.Temporary()},
		Settings: v,
		Workers:  min(workers, 8),
	}

	kit := platform.NewToolkit(place)
	defer kit.Remove()
	kit.Divert()
	if err := platform.CanOpen(); err != nil {
		kit.Restore()
		return withoutWindow(w, config, platform.Dialogs{Title: "Tabir"}, err, paths)
	}
	a := open(ID)
	// Fyne reads its own files before it starts, and writes them when it stops;
	// programs that are started in between see the user's own environment.
	a.Lifecycle().SetOnStopped(kit.Divert)
	show(a, w, config, settings, place, kit.Restore, paths)
	return 0
}

// show opens the window.
func show(a fyne.App, w text.Words, config model.Config, settings ui.Settings, place platform.Place, started func(), paths []string) {
	a.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon))
	a.Settings().SetTheme(ui.ThemeFor(config.Settings, w.Tag))
	win := a.NewWindow("Tabir")
	d := desktop{win: win, native: !place.Portable}
	settings.Speak = func(w text.Words) { d.w = w; speak(w) }
	settings.Theme = a.Settings().SetTheme
	settings.Pick = func(then func(dir string)) {
		d.choose(d.w.T("Choose a folder for the copies"), true, func(p []string) { then(p[0]) })
	}
	settings.Speak(w)
	config.Post = ui.Do
	var main *ui.Main
	main = ui.New(win, w, config, ui.Actions{
		Choose: func(folder bool) {
			title := d.w.T("Choose photos")
			if folder {
				title = d.w.T("Choose a folder with photos")
			}
			d.choose(title, folder, func(p []string) { main.Add(p) })
		},
		ChooseModel: func() {
			d.choose(d.w.T("Choose the file of the face finder"), false, func(p []string) { main.Session().UseModel(p[0]) })
		},
		Open:     d.open,
		Settings: settings,
	})
	win.Resize(fyne.NewSize(1140, 760))
	win.CenterOnScreen()
	win.SetMaster()
	a.Lifecycle().SetOnStarted(func() {
		started()
		if len(paths) > 0 {
			main.Add(paths)
		}
	})
	win.SetCloseIntercept(func() {
		win.Hide()
		main.Session().Close(win.Close)
	})
	win.ShowAndRun()
}

// speak gives the toolkit's own dialogs the words of a language. Fyne knows only
// that of the system, so the words are given to that one.
func speak(w text.Words) {
	name := lang.SystemLocale().LanguageString() + ".json"
	if err := lang.AddTranslations(fyne.NewStaticResource(name, w.Toolkit())); err != nil {
		fyne.LogError("the words of the dialogs", err)
	}
}

// desktop is what the window asks the desktop for.
type desktop struct {
	win    fyne.Window
	w      text.Words
	native bool // the system's own dialogs may be used; they keep lists of what was chosen
}

// choose asks by the desktop's own dialog, else by Fyne's, which takes one file.
func (d *desktop) choose(title string, folder bool, add func([]string)) {
	if !d.native {
		d.chooseHere(folder, add)
		return
	}
	go func() {
		paths, err := platform.Choose(title, folder)
		ui.Do(func() {
			if err != nil {
				d.chooseHere(folder, add)
			} else if len(paths) > 0 {
				add(paths)
			}
		})
	}()
}

func (d *desktop) chooseHere(folder bool, add func([]string)) {
	if folder {
		dialog.ShowFolderOpen(func(u fyne.ListableURI, err error) {
			if err == nil && u != nil {
				add([]string{u.Path()})
			}
		}, d.win)
		return
	}
	open := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err == nil && f != nil {
			f.Close()
			add([]string{f.URI().Path()})
		}
	}, d.win)
	open.SetFilter(storage.NewMimeTypeFileFilter([]string{"image/*"}))
	open.Show()
}

func (d *desktop) open(dir string) {
	if err := platform.Open(dir); err != nil {
		dialog.ShowError(err, d.win)
	}
}
