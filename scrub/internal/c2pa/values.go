package c2pa

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tabir/scrub/meta"
)

type rule struct {
	kind  meta.Kind
	label meta.Label
}

// rules are the fields of claims and assertions that tell something (C2PA 2.1,
// 10 and 18; CAWG metadata), by name, and by the name around it where that matters.
var rules = map[string]rule{
	"claim_generator":           {meta.Software, meta.LabelSoftware},
	"claim_generator_info.name": {meta.Software, meta.LabelSoftware},
	"softwareAgent":             {meta.Software, meta.LabelSoftware},
	"softwareAgent.name":        {meta.Software, meta.LabelSoftware},
	"digitalSourceType":         {meta.Software, meta.LabelSoftware},
	"dc:title":                  {meta.FileName, meta.LabelFilePath},
	"title":                     {meta.FileName, meta.LabelFilePath},
	"instanceID":                {meta.Serial, meta.LabelImageID},
	"instance_id":               {meta.Serial, meta.LabelImageID},
	"documentID":                {meta.Serial, meta.LabelImageID},
	"document_id":               {meta.Serial, meta.LabelImageID},
	"author.name":               {meta.Owner, meta.LabelAuthor},
	"author.identifier":         {meta.Owner, meta.LabelContact},
	"author.@id":                {meta.Owner, meta.LabelContact},
	"creator.name":              {meta.Owner, meta.LabelAuthor},
	"dc:creator":                {meta.Owner, meta.LabelAuthor},
	"dc:rights":                 {meta.Owner, meta.LabelCopyright},
	"copyrightHolder.name":      {meta.Owner, meta.LabelCopyright},
	"tiff:Artist":               {meta.Owner, meta.LabelAuthor},
	"username":                  {meta.Owner, meta.LabelOwner},
	"actors.identifier":         {meta.Owner, meta.LabelAuthor},
	"when":                      {meta.Date, meta.LabelDateOther},
	"dateCreated":               {meta.Date, meta.LabelDateTaken},
	"dateTime":                  {meta.Date, meta.LabelDateOther},
	"exif:DateTimeOriginal":     {meta.Date, meta.LabelDateTaken},
	"exif:GPSTimeStamp":         {meta.Date, meta.LabelGPSTime},
	"tiff:Make":                 {meta.Device, meta.LabelMaker},
	"tiff:Model":                {meta.Device, meta.LabelModel},
	"exifEX:LensModel":          {meta.Device, meta.LabelLens},
	"exifEX:BodySerialNumber":   {meta.Serial, meta.LabelSerial},
	"exifEX:LensSerialNumber":   {meta.Serial, meta.LabelSerial},
	"aux:SerialNumber":          {meta.Serial, meta.LabelSerial},
	"exif:GPSLatitude":          {meta.Location, meta.LabelPosition},
	"exif:GPSLongitude":         {meta.Location, meta.LabelPosition},
	"exif:GPSAltitude":          {meta.Location, meta.LabelAltitude},
	"Iptc4xmpExt:City":          {meta.Location, meta.LabelPlace},
	"Iptc4xmpExt:CountryName":   {meta.Location, meta.LabelPlace},
	"photoshop:City":            {meta.Location, meta.LabelPlace},
	"photoshop:Country":         {meta.Location, meta.LabelPlace},
	"dc:description":            {meta.Text, meta.LabelCaption},
	"description":               {meta.Text, meta.LabelCaption},
	"prompt":                    {meta.Text, meta.LabelPrompt},
}

// visitor gets the texts of a value with their names and the name around each.
type visitor func(parent, key, v string)

func (r *report) visitor(label string) visitor {
	return func(parent, key, v string) {
		rule, ok := rules[parent+"."+key]
		if !ok {
			rule, ok = rules[key]
		}
		switch {
		case ok:
		case strings.HasPrefix(key, "exif:GPS") && len(v) > 1:
			rule.kind, rule.label = meta.Location, meta.LabelGPSOther
		case strings.HasPrefix(label, "c2pa.location"):
			rule.kind, rule.label = meta.Location, meta.LabelPlace
		default:
			return
		}
		r.text(rule, label, v)
	}
}

// walkJSON visits the texts of a JSON value, in the order of their names.
func walkJSON(b []byte, visit visitor) {
	var v any
	if json.Unmarshal(b, &v) != nil {
		return
	}
	var walk func(v any, parent, key string, depth int)
	walk = func(v any, parent, key string, depth int) {
		if depth > maxDepth {
			return
		}
		switch v := v.(type) {
		case string:
			visit(parent, key, v)
		case []any:
			for _, x := range v {
				walk(x, parent, key, depth+1)
			}
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				walk(v[k], key, k, depth+1)
			}
		}
	}
	walk(v, "", "", 0)
}

// cbor reads one value (RFC 8949).
type cbor struct {
	b     []byte
	visit visitor
}

const (
	cborText  = 3
	cborArray = 4
	cborMap   = 5
	cborTag   = 6
	cborMore  = 31   // of an indefinite length
	cborBreak = 0xFF // which this ends
)

// item reads the next data item and reports whether that went well. A text that
// is a name is returned.
func (c *cbor) item(depth int, parent, key string) (text string, ok bool) {
	if len(c.b) == 0 || depth > maxDepth {
		return "", false
	}
	major, info := c.b[0]>>5, c.b[0]&31
	c.b = c.b[1:]
	n, ok := c.argument(info)
	if !ok || info == cborMore && (major < 2 || major == cborTag) {
		return "", false
	}
	switch {
	case major == 2 || major == cborText:
		if info == cborMore { // in pieces, each of a definite length
			return "", c.many(-1, depth, parent, key, false)
		}
		if n > uint64(len(c.b)) {
			return "", false
		}
		s := c.b[:n]
		c.b = c.b[n:]
		if major == cborText {
			text = string(s)
			if key != "" {
				c.visit(parent, key, text)
			}
		}
		return text, true
	case major == cborArray || major == cborMap:
		if info == cborMore {
			return "", c.many(-1, depth, parent, key, major == cborMap)
		}
		if n > uint64(len(c.b)) { // each item takes a byte at least
			return "", false
		}
		return "", c.many(int(n), depth, parent, key, major == cborMap)
	case major == cborTag:
		return c.item(depth+1, parent, key)
	}
	return "", true // numbers and simple values
}

// many reads n items or pairs, or those up to a break.
func (c *cbor) many(n, depth int, parent, key string, pairs bool) bool {
	for i := 0; i != n; i++ {
		if n < 0 && len(c.b) > 0 && c.b[0] == cborBreak {
			c.b = c.b[1:]
			return true
		}
		if !pairs {
			if _, ok := c.item(depth+1, parent, key); !ok {
				return false
			}
			continue
		}
		name, ok := c.item(depth+1, "", "")
		if !ok {
			return false
		}
		if _, ok = c.item(depth+1, key, name); !ok {
			return false
		}
	}
	return true
}

// argument reads the number that belongs to the head of an item.
func (c *cbor) argument(info byte) (n uint64, ok bool) {
	if info < 24 {
		return uint64(info), true
	}
	if info == cborMore {
		return 0, true
	}
	size := 1 << (info - 24)
	if info > 27 || size > len(c.b) {
		return 0, false
	}
	for _, x := range c.b[:size] {
		n = n<<8 | uint64(x)
	}
	c.b = c.b[size:]
	return n, true
}
