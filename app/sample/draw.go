package sample

import (
	"image"
	"image/color"
	"math"
)

// rgb is a colour of red, green and blue from 0 to 1.
type rgb [3]float64

func (a rgb) mix(b rgb, t float64) rgb {
	t = min(max(t, 0), 1)
	for i := range a {
		a[i] += (b[i] - a[i]) * t
	}
	return a
}

// inside is 1 within the ellipse, 0 outside, and soft on a rim of width soft.
func inside(x, y, cx, cy, rx, ry, soft float64) float64 {
	d := math.Hypot((x-cx)/rx, (y-cy)/ry)
	return min(max((1-d)/soft, 0), 1)
}

// grain is a number from -1 to 1 that depends on nothing but the place.
func grain(x, y int) float64 {
	h := uint32(x)*374761393 + uint32(y)*668265263
	h = (h ^ h>>13) * 1274126177
	return float64(h>>16&0xff)/127.5 - 1
}

// draw paints a scene: a colour for each x from 0 to the ratio of the sides, and y from 0 to 1.
func draw(w, h int, scene func(x, y float64) rgb) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for py := range h {
		for px := range w {
			c := scene((float64(px)+.5)/float64(h), (float64(py)+.5)/float64(h))
			g := grain(px, py) * 0.012
			m.SetRGBA(px, py, color.RGBA{byteOf(c[0] + g), byteOf(c[1] + g), byteOf(c[2] + g), 255})
		}
	}
	return m
}

func byteOf(v float64) uint8 { return uint8(min(max(v, 0), 1)*255 + .5) }

// beach is the sea at dusk.
func beach(x, y float64) rgb {
	const horizon = 0.58
	sun := math.Hypot(x-0.9, (y-0.5)*1.05)
	c := rgb{.18, .20, .42}.mix(rgb{.93, .52, .38}, y/horizon)
	c = c.mix(rgb{1, .80, .50}, math.Exp(-sun*5))
	c = c.mix(rgb{.98, .72, .60}, .5*math.Max(0, math.Sin(x*5+y*40))*math.Exp(-40*(y-.3)*(y-.3)))
	c = c.mix(rgb{1, .95, .80}, inside(x, y, .9, .5, .06, .06, .08))
	if y > horizon {
		depth := (y - horizon) / (1 - horizon)
		wave := .5 + .5*math.Sin(y*260/(.4+depth)+math.Sin(x*9+y*30)*2)
		c = rgb{.78, .47, .42}.mix(rgb{.10, .16, .30}, depth*1.4)
		c = c.mix(rgb{1, .83, .58}, wave*math.Exp(-math.Abs(x-.9)*(9-5*depth))*.8)
		c = c.mix(rgb{.08, .12, .24}, (1-wave)*.3*depth)
	}
	if shore := .93 - .10*x + .01*math.Sin(x*14); y > shore {
		c = c.mix(rgb{.34, .24, .24}, (y-shore)*60).mix(rgb{.18, .12, .15}, (y-shore)*4)
	}
	hill := horizon - .13*math.Exp(-8*(x-.1)*(x-.1)) - .01*math.Sin(x*31)*math.Exp(-3*x)
	if y > hill && y < horizon {
		c = rgb{.20, .16, .30}
	}
	return palm(c, x, y)
}

// palm stands in the right foreground.
func palm(c rgb, x, y float64) rgb {
	dark := rgb{.07, .06, .11}
	top := .26
	trunk := 1.17 + .06*(y-top)*(y-top)
	if y > top {
		c = c.mix(dark, (.011-math.Abs(x-trunk))*300)
	}
	dx, dy := x-1.17, y-top
	r, a := math.Hypot(dx, dy*1.25), math.Atan2(dy-.25*math.Abs(dx)-.8*dx*dx, dx)
	leaf := math.Abs(math.Sin(a*3.5 + .4))
	if r < .26 {
		c = c.mix(dark, (leaf-.72-r*.7)*18)
	}
	return c
}

// beachWithFriends is what the picture showed before it was cropped.
func beachWithFriends(x, y float64) rgb {
	c := beach(x, y)
	for _, at := range []float64{.42, .56} {
		c = c.mix(rgb{.10, .08, .13}, max(inside(x, y, at, .62, .035, .045, .2), inside(x, y, at, .82, .06, .16, .1)))
	}
	return c
}

// hills are seen through morning haze.
func hills(x, y float64) rgb {
	c := rgb{.62, .78, .90}.mix(rgb{.98, .92, .80}, y*2)
	c = c.mix(rgb{1, .98, .88}, math.Exp(-9*math.Hypot(x-.35, y-.2)))
	for i := range 6 {
		k := float64(i)
		edge := .30 + .115*k + .05*math.Sin(x*(2.2+.5*k)+k*2.1) + .018*math.Sin(x*(8+3*k)+k*5)
		if y > edge {
			near := rgb{.63, .76, .78}.mix(rgb{.10, .30, .14}, (k+.6)/5.5)
			step := .04 * math.Sin((y-edge)*(190-18*k)+x*3)
			c = near.mix(rgb{.86, .90, .80}, (y-edge)*(1.5-.25*k)+step*k*.4)
		}
	}
	return c
}

// street is a wet street at night, out of focus.
func street(x, y float64) rgb {
	c := rgb{.04, .05, .10}.mix(rgb{.10, .07, .13}, y)
	tints := []rgb{{1, .72, .32}, {.98, .42, .30}, {.45, .75, 1}, {1, .90, .65}, {.65, 1, .75}, {.95, .55, .85}}
	for i := range 46 {
		cx := .66 + .74*grain(i, 7)
		cy := .36 + .24*grain(i, 19)
		r := .036 + .022*grain(i, 31)
		dx, tint := math.Abs(x-cx)/r, tints[i%len(tints)]
		if dx > 2 {
			continue
		}
		if d := math.Hypot(dx, (y-cy)/r); d < 1 {
			c = c.mix(tint, (.22+.28*d*d*d)*min((1-d)*10, 1))
		}
		if y > .66 { // reflections
			c = c.mix(tint, .17*math.Exp(-dx*dx)*(1.1-y)*(1+.8*math.Sin(y*170+cx*90)))
		}
	}
	return c.mix(rgb{.02, .02, .05}, inside(x, y, .68, 1.02, .5, .30, .5)*.35)
}
