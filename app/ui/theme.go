package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"tabir/app/model"
	"tabir/assets"
)

// Colours of our own, beside Fyne's.
const (
	colorCard      fyne.ThemeColorName = "card"      // behind content
	colorBadge     fyne.ThemeColorName = "badge"     // behind what is given away
	colorBadgeText fyne.ThemeColorName = "badgeText" // on it
	colorCalm      fyne.ThemeColorName = "calm"      // behind what gives nothing away
	colorCalmText  fyne.ThemeColorName = "calmText"
	colorAlarm     fyne.ThemeColorName = "alarm" // behind what cannot be, or was not, cleaned
	colorAlarmText fyne.ThemeColorName = "alarmText"
	colorLine      fyne.ThemeColorName = "line" // thin borders
)

// palette holds light and dark. Text on its ground has a contrast of 4.5 or more: TestContrast.
var palette = map[fyne.ThemeColorName][2]color.NRGBA{
	theme.ColorNameBackground:          {rgb(0xF2F6F5), rgb(0x131B1A)},
	theme.ColorNameForeground:          {rgb(0x1A2625), rgb(0xE8F0EE)},
	theme.ColorNamePlaceHolder:         {rgb(0x51625E), rgb(0xA3B7B2)},
	theme.ColorNamePrimary:             {rgb(0x0F766E), rgb(0x35BBAC)},
	theme.ColorNameForegroundOnPrimary: {rgb(0xFFFFFF), rgb(0x06211E)},
	theme.ColorNameSuccess:             {rgb(0x13704A), rgb(0x64D8A4)},
	theme.ColorNameWarning:             {rgb(0x8A5200), rgb(0xF2BC57)},
	theme.ColorNameError:               {rgb(0xB3261E), rgb(0xFF9C92)},
	theme.ColorNameButton:              {rgb(0xE0EAE8), rgb(0x2A3937)},
	theme.ColorNameDisabledButton:      {rgb(0xE0E7E5), rgb(0x243230)},
	theme.ColorNameDisabled:            {rgb(0x596965), rgb(0x8FA39E)},
	theme.ColorNameSelection:           {rgb(0xCFE8E3), rgb(0x244A45)},
	theme.ColorNameFocus:               {rgba(0x0F766E, 0x55), rgba(0x35BBAC, 0x66)},
	theme.ColorNameHover:               {rgba(0x0F766E, 0x14), rgba(0xFFFFFF, 0x12)},
	theme.ColorNameSeparator:           {rgb(0xD9E3E1), rgb(0x2A3937)},
	theme.ColorNameShadow:              {rgba(0x000000, 0x00), rgba(0x000000, 0x00)}, // also the ground of a divider
	theme.ColorNameInputBorder:         {rgb(0x51625E), rgb(0xA3B7B2)},               // also of a box that is not ticked
	theme.ColorNameInputBackground:     {rgb(0xDFE9E7), rgb(0x2A3937)},
	colorCard:                          {rgb(0xFFFFFF), rgb(0x1C2725)},
	colorBadge:                         {rgb(0xFBEBD0), rgb(0x47370F)},
	colorBadgeText:                     {rgb(0x6B4000), rgb(0xFFD994)},
	colorCalm:                          {rgb(0xDDF1E6), rgb(0x163A2A)},
	colorCalmText:                      {rgb(0x0E5B3B), rgb(0x8BE5BB)},
	colorAlarm:                         {rgb(0xFBE1DE), rgb(0x51201C)},
	colorAlarmText:                     {rgb(0x8F1D16), rgb(0xFFB9B1)},
	colorLine:                          {rgb(0xD5E0DD), rgb(0x30413E)},
}

func rgb(v uint32) color.NRGBA { return rgba(v, 0xff) }
func rgba(v uint32, a uint8) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), a}
}

// ThemeFor is Fyne's with our colours, as the settings want it, and with glyphs
// for the words of a language.
func ThemeFor(v model.Settings, tag string) fyne.Theme {
	return ours{theme.DefaultTheme(), v, fontsFor(tag)}
}

type ours struct {
	fyne.Theme
	v     model.Settings
	fonts fonts
}

func (t ours) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch t.v.Theme {
	case model.ThemeLight:
		v = theme.VariantLight
	case model.ThemeDark:
		v = theme.VariantDark
	}
	if c, ok := palette[name]; ok {
		if v == theme.VariantDark {
			return c[1]
		}
		return c[0]
	}
	return t.Theme.Color(name, v)
}

func (t ours) Size(name fyne.ThemeSizeName) float32 {
	factor := float32(max(t.v.TextSize, 100)) / 100
	switch name {
	case theme.SizeNameText, theme.SizeNameHeadingText, theme.SizeNameInlineIcon:
		return t.Theme.Size(name) * factor
	case theme.SizeNameButtonRadius, theme.SizeNameSelectionRadius, theme.SizeNameInputRadius:
		return 8
	case theme.SizeNameCaptionText:
		return 12 * factor
	case theme.SizeNameSubHeadingText:
		return 17 * factor
	}
	return t.Theme.Size(name)
}

// icon is one of our drawings in a colour of the theme.
func icon(name string, c fyne.ThemeColorName) fyne.Resource {
	return theme.NewColoredResource(fyne.NewStaticResource(name+".svg", assets.SVG(name)), c)
}

// compact is the theme of the app with less room around words.
type compact struct{}

func (compact) now() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (c compact) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	return c.now().Color(n, v)
}
func (c compact) Font(s fyne.TextStyle) fyne.Resource     { return c.now().Font(s) }
func (c compact) Icon(n fyne.ThemeIconName) fyne.Resource { return c.now().Icon(n) }
func (c compact) Size(n fyne.ThemeSizeName) float32 {
	if n == theme.SizeNameInnerPadding {
		return c.now().Size(n) / 2
	}
	return c.now().Size(n)
}
