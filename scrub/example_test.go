package scrub_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"

	"tabir/scrub"
	"tabir/scrub/internal/testkit"
	"tabir/scrub/meta"
)

func ExampleInspect() {
	exif := testkit.TIFF(binary.BigEndian, []testkit.Tag{testkit.Text(0x010f, "Lumen"), testkit.Text(0x0110, "P40")}, nil)
	photo := testkit.JPEG(testkit.Segment(0xe1, []byte("Exif\x00\x00"), exif))

	report, err := scrub.Inspect(context.Background(), bytes.NewReader(photo), int64(len(photo)), scrub.Options{Name: "photo.jpg"})
	if err != nil {
		fmt.Println("cannot be cleaned:", err)
		return
	}
	for _, f := range report.Findings {
		if f.Fate == meta.Removed && f.Kind.Identifies() {
			fmt.Printf("%s: %s\n", f.Label, f.Value)
		}
	}
	// Output:
	// maker of the device: Lumen
	// model of the device: P40
}

func ExampleClean() {
	photo := testkit.JPEG(testkit.Segment(0xfe, []byte("taken at home")))

	var out scrub.Buffer
	report, err := scrub.Clean(context.Background(), &out, bytes.NewReader(photo), int64(len(photo)), scrub.Options{})
	if err != nil {
		fmt.Println("not cleaned:", err)
		return
	}
	fmt.Println(report.Outcome(), bytes.Contains(out.Bytes(), []byte("home")))
	// Output: cleaned false
}

func ExampleVerify() {
	photo := testkit.JPEG(testkit.Segment(0xfe, []byte("taken at home")))

	report, err := scrub.Verify(context.Background(), bytes.NewReader(photo), int64(len(photo)), scrub.Options{})
	fmt.Println(report.Outcome())
	fmt.Println(err)
	// Output:
	// inspected
	// holds comment (COM segment): the written file did not pass the check
}
