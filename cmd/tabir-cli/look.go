package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"tabir/assets"
	"tabir/scrub/batch"
	"tabir/scrub/meta"
)

func inspectCommand(e *env) *cobra.Command {
	var asJSON, values, check bool
	c := &cobra.Command{
		Use:   "inspect [flags] PATH…",
		Short: "Say what photos would give away",
		Long: `Says what each photo holds and what cleaning would do with it. Nothing is
written. With --check the exit code is 4 if anything identifying was found.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			work, err := find(c.Context(), args, batch.Options{InPlace: true})
			if err != nil {
				return tell(e, err)
			}
			r := reporter(&people{env: e, verb: "inspect"})
			if asJSON {
				r = &machine{env: e, values: values}
			}
			return process(c.Context(), e, work, job{task: batch.Inspect(batch.Options{}), check: check}, r)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	c.Flags().BoolVar(&values, "values", false, "with --json: include the values that were found")
	c.Flags().BoolVar(&check, "check", false, "exit with 4 if anything identifying was found")
	return c
}

func verifyCommand(e *env) *cobra.Command {
	var asJSON, values bool
	var keep []string
	c := &cobra.Command{
		Use:   "verify [flags] PATH…",
		Short: "Ask whether files are clean",
		Long: `Asks of each file whether cleaning it would change nothing and no trace of
hidden data is left in it. The exit code is 4 if a file is not clean. A copy in
which something was kept is clean by the same --keep only.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			may, err := keeping(keep)
			if err != nil {
				return err
			}
			work, err := find(c.Context(), args, batch.Options{InPlace: true})
			if err != nil {
				return tell(e, err)
			}
			r := reporter(&people{env: e, verb: "verify"})
			if asJSON {
				r = &machine{env: e, values: values}
			}
			return process(c.Context(), e, work, job{task: batch.Verify(batch.Options{Policy: meta.Policy{Keep: may}}), check: true}, r)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	c.Flags().BoolVar(&values, "values", false, "with --json: include the values that were found")
	c.Flags().StringSliceVar(&keep, "keep", nil, "what may be in the files as clean writes it: "+strings.Join(meta.Keep(^meta.Keep(0)).Names(), ", "))
	return c
}

func formatsCommand(e *env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "formats",
		Short: "List the formats that can be cleaned",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return formats(e, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	return c
}

func versionCommand(e *env) *cobra.Command {
	var notices bool
	c := &cobra.Command{
		Use:   "version",
		Short: "Print the version, or the notices of what Tabir is made of",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if notices {
				_, err := fmt.Fprint(e.out, assets.Notices)
				return err
			}
			_, err := fmt.Fprintln(e.out, "tabir-cli", version)
			return err
		},
	}
	c.Flags().BoolVar(&notices, "notices", false, "print the licences of all parts")
	return c
}
