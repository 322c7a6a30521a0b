package sample

import "math"

// portrait is a person in front of a window. It is nobody.
func portrait(x, y float64) rgb {
	c := rgb{.80, .84, .80}.mix(rgb{.56, .66, .60}, y)
	c = c.mix(rgb{.97, .97, .92}, inside(x, y, .18, .25, .30, .42, .6))
	c = c.mix(rgb{.35, .52, .38}, inside(x, y, .72, .20, .16, .30, .7)*.7)
	c = c.mix(rgb{.42, .60, .40}, inside(x, y, .64, .42, .12, .18, .7)*.6)
	return person(c, x, y)
}

// covered is the portrait with a sticker over the face, as an app puts one there.
func covered(x, y float64) rgb {
	c := portrait(x, y).mix(rgb{.98, .80, .25}, inside(x, y, .40, .44, .20, .24, .02))
	for _, eye := range []float64{.33, .47} {
		c = c.mix(rgb{.25, .18, .08}, inside(x, y, eye, .38, .022, .035, .1))
	}
	return c.mix(rgb{.25, .18, .08}, inside(x, y, .40, .52, .09, .05, .1)-inside(x, y, .40, .49, .10, .05, .1))
}

// person looks at the camera.
func person(c rgb, x, y float64) rgb {
	hair := rgb{.12, .08, .08}
	c = c.mix(hair, inside(x, y, .40, .46, .225, .33, .04))
	shade := .10 * math.Sin((x-.3)*4)
	skin := rgb{.80, .58, .44}.mix(rgb{.62, .40, .30}, (x-.36)*2.2+shade)
	c = c.mix(rgb{.24, .40, .50}.mix(rgb{.16, .28, .40}, (x-.3)*2), inside(x, y, .40, 1.04, .36, .34, .03)) // shirt
	c = c.mix(skin.mix(rgb{.50, .32, .25}, .35), inside(x, y, .40, .70, .075, .13, .05))                    // neck
	c = c.mix(skin, inside(x, y, .40, .46, .158, .215, .03))                                                // face
	c = c.mix(hair, inside(x, y, .36, .26, .20, .11, .08))                                                  // fringe
	for _, eye := range []float64{.335, .465} {
		c = c.mix(rgb{.95, .94, .92}, inside(x, y, eye, .445, .030, .014, .2))
		c = c.mix(rgb{.16, .09, .06}, inside(x, y, eye+.002, .445, .0125, .0135, .2))
		c = c.mix(hair, inside(x, y, eye, .403, .042, .009, .3)*.9)
		c = c.mix(rgb{.85, .45, .38}, inside(x, y, eye+(eye-.4)*.4, .53, .045, .035, .9)*.35)
	}
	c = c.mix(rgb{.52, .33, .26}, inside(x, y, .402, .515, .024, .012, .6)*.7)
	smile := .575 - 1.6*(x-.4)*(x-.4)
	if math.Abs(x-.4) < .062 {
		c = c.mix(rgb{.62, .24, .24}, 1-math.Abs(y-smile)/.010)
	}
	return c
}

// turned is somebody who looks away, to the left: the side of a face.
func turned(c rgb, x, y float64) rgb {
	hair, skin := rgb{.20, .13, .09}, rgb{.78, .57, .45}.mix(rgb{.60, .40, .31}, (x-.33)*3)
	c = c.mix(rgb{.50, .25, .22}.mix(rgb{.36, .16, .17}, (x-.3)*2), inside(x, y, .44, 1.04, .34, .34, .03)) // shirt
	c = c.mix(skin.mix(rgb{.48, .32, .26}, .4), inside(x, y, .45, .70, .07, .14, .05))
	c = c.mix(hair, inside(x, y, .47, .42, .19, .26, .04))
	c = c.mix(skin, inside(x, y, .385, .47, .125, .205, .03))
	c = c.mix(skin, inside(x, y, .262, .50, .040, .028, .1)) // nose
	c = c.mix(hair, inside(x, y, .45, .40, .165, .23, .06))
	c = c.mix(skin.mix(rgb{.5, .3, .25}, .3), inside(x, y, .475, .50, .025, .045, .2)) // ear
	return c.mix(rgb{.45, .28, .22}, inside(x, y, .277, .455, .010, .006, .3)*.6)      // lashes
}

// friends are two people at a table: one looks at the camera, the other away.
func friends(x, y float64) rgb {
	c := rgb{.88, .85, .78}.mix(rgb{.70, .64, .56}, y)
	c = c.mix(rgb{.96, .97, .98}, inside(x, y, .80, .22, .20, .26, .5))
	c = c.mix(rgb{.55, .62, .50}, inside(x, y, 1.25, .30, .10, .22, .6)*.7)
	const scale = .68
	c = turned(c, (x-.66)/scale, (y-.26)/scale)
	return person(c, (x-.06)/scale, (y-.20)/scale)
}

// coffee is a cup on a table, from above.
func coffee(x, y float64) rgb {
	plank := math.Floor(x * 4.3)
	wood := .5 + .5*math.Sin(y*40+math.Sin(x*60+plank*7)*1.3+plank*3)
	c := rgb{.53, .36, .24}.mix(rgb{.42, .27, .17}, wood*.6)
	c = c.mix(rgb{.22, .13, .08}, 1-math.Abs(math.Mod(x*4.3, 1)-.5)*2-.97+.02)
	if e := math.Mod(x*4.3, 1); e < .02 {
		c = c.mix(rgb{.2, .12, .08}, .8)
	}
	c = c.mix(rgb{.15, .09, .06}, inside(x, y, .54, .56, .43, .43, .25)*.6) // shadow
	c = c.mix(rgb{.93, .93, .91}, inside(x, y, .5, .5, .40, .40, .01))
	c = c.mix(rgb{.84, .84, .83}, inside(x, y, .5, .5, .30, .30, .05)-inside(x, y, .5, .5, .28, .28, .05))
	c = c.mix(rgb{.97, .97, .96}, inside(x, y, .5, .5, .25, .25, .02))
	c = c.mix(rgb{.36, .21, .12}, inside(x, y, .5, .5, .225, .225, .02))
	dx, dy := x-.5, y-.49
	r, a := math.Hypot(dx, dy), math.Atan2(dy, dx)
	leaf := math.Sin(r*70+math.Cos(a*2)*2.2) * inside(x, y, .5, .5, .19, .19, .5)
	return c.mix(rgb{.90, .78, .62}, leaf*1.2*inside(x, y, .5, .5, .2, .2, .2))
}

// screenshot is a chat on a phone.
func screenshot(x, y float64) rgb {
	c := rgb{.93, .95, .96}
	if y < .09 {
		c = rgb{.12, .42, .44}
		c = c.mix(rgb{.85, .92, .92}, inside(x, y, .07, .055, .024, .024, .1))
		if y > .045 && y < .066 && x > .12 && x < .30 {
			c = rgb{.92, .97, .97}
		}
		return c
	}
	bubbles := []struct {
		x0, x1, y0, y1 float64
		mine           bool
	}{
		{.03, .38, .12, .20, false}, {.20, .53, .22, .28, true}, {.03, .42, .30, .50, false},
		{.14, .53, .53, .63, true}, {.03, .30, .66, .72, false}, {.24, .53, .75, .86, true},
	}
	for i, b := range bubbles {
		if x < b.x0 || x > b.x1 || y < b.y0 || y > b.y1 {
			continue
		}
		c = rgb{1, 1, 1}
		if b.mine {
			c = rgb{.80, .93, .87}
		}
		if i == 2 && y < .46 && x > b.x0+.012 && x < b.x1-.012 && y > b.y0+.012 {
			return hills((x-.04)*2.6, (y-b.y0)/.16)
		}
		row, line := math.Modf((y - b.y0 - .014) / .022)
		end := b.x1 - .03 - .07*math.Mod(row*.618+.3, 1)
		if y > b.y0+.014 && y < b.y1-.010 && line < .45 && x > b.x0+.018 && x < end {
			c = c.mix(rgb{.25, .32, .35}, .75)
		}
	}
	return c
}
