package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// ShowLimits opens the page that says what is beyond Tabir's reach.
func (m *Main) ShowLimits() { m.pages.show(m.limitsPage) }

func (m *Main) limitsPage() sheet {
	w := m.w
	part := func(name, title, s string) fyne.CanvasObject {
		return w.section(icon(name, theme.ColorNamePrimary), title, s)
	}
	return sheet{w.T("What Tabir cannot do"), []fyne.CanvasObject{
		part("warn", w.T("If somebody may be watching this computer"),
			w.T("Use another one. Programs that watch a computer see what you do in Tabir as well.")),
		part("stays", w.T("Keep originals as proof"),
			w.T("The original may be your only proof of when and where a photo was taken. Keep it where only you can reach it, before you share copies.")),
		part("eye", w.T("What anyone can see"),
			w.T("Faces that were not covered, tattoos, birthmarks, name tags, screens, mirrors, signs, rooms, clothes and landmarks are still in the picture. Looking for faces misses some: look at every copy yourself.")),
		part("device", w.T("Traces of the camera in the picture itself"),
			w.T("Every sensor leaves a faint pattern of its own. Whoever has other photos from the same camera may be able to tell that it took this one, too.")),
		part("other", w.T("Hints at the kind of camera or app"),
			w.T("The way in which the picture is compressed, and its size, hint at a kind of camera or at an app. They are needed to show the picture, so they stay.")),
		part("place", w.T("Originals in other places"),
			w.T("The original is still in your phone, in a cloud, in chats and in backups, with all its hidden data. Tabir only makes copies here.")),
		part("hidden", w.T("What this computer keeps"),
			w.T("The system may keep small pictures of photos that were looked at, and lists of files that were used lately. Tabir cannot take them away. Photos that are dropped on the window leave fewer traces than those chosen in a dialog of the system.")),
		part("people", w.T("Accounts and times"),
			w.T("A website or a messenger sees your account, your connection, and when you share something.")),
		part("text", w.T("What messengers take out or keep"),
			w.T("WhatsApp takes hidden data out of what is sent as a photo, and keeps all of it in what is sent as a document. Signal takes it out. Telegram keeps it in what is sent as a file, and so do e-mail, AirDrop and iMessage. An iPhone that shares without location keeps the rest. Android takes out the location only. A Pixel 10 signs every photo.")+
				" "+w.T("This was so in April 2026 and may have changed. With a cleaned copy you need not know.")),
	}}
}
