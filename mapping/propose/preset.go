package propose

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/attio-bulk/attio-bulk/mapping/problem"
)

// preset is what the headers of one program's exports mean.
type preset struct {
	name, title string
	tells       [][]string // the file is such an export where all headers of one line are there
	table       map[string][]string
}

// UnknownPresetError is a name that no preset has.
type UnknownPresetError struct {
	Name  string
	Known []string
}

func (e *UnknownPresetError) Error() string {
	end, _ := problem.Meant(e.Name, e.Known)
	return fmt.Sprintf("there is no preset %q%s", e.Name, end)
}

// presetWords are the presets; the file says how.
//
//go:embed presets.txt
var presetWords string

// presets are all presets, in the order in which they are tried.
var presets = sync.OnceValue(func() (all []*preset) {
	for _, block := range strings.Split(presetWords, "\n== ")[1:] {
		head, rest, _ := strings.Cut(block, "\n")
		name, title, _ := strings.Cut(head, ": ")
		p := &preset{name: name, title: title}
		var table strings.Builder
		for line := range strings.Lines(rest) {
			tell, ok := strings.CutPrefix(line, "tell: ")
			if !ok {
				table.WriteString(line)
				continue
			}
			var headers []string
			for _, h := range strings.Split(tell, "|") {
				headers = append(headers, presetKey(h))
			}
			p.tells = append(p.tells, headers)
		}
		p.table = readMeanings(table.String(), presetKey)
		all = append(all, p)
	}
	return all
})

// presetKey is what a header is looked up by in a preset: Phone 1 - Value and Phone 2 - Value are one.
func presetKey(header string) string {
	return problem.Plain(strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, header))
}

// Presets are the names of the presets.
func Presets() (names []string) {
	for _, p := range presets() {
		names = append(names, p.name)
	}
	return names
}

// findPreset is the preset of a name, or without one that of the headers; nil where they are nobody's.
func findPreset(name string, headers []string) (*preset, error) {
	if name != "" {
		i := slices.IndexFunc(presets(), func(p *preset) bool { return strings.EqualFold(p.name, name) })
		if i < 0 {
			return nil, &UnknownPresetError{name, Presets()}
		}
		return presets()[i], nil
	}
	var keys []string
	for _, h := range headers {
		keys = append(keys, presetKey(h))
	}
	for _, p := range presets() {
		for _, tell := range p.tells {
			if !slices.ContainsFunc(tell, func(key string) bool { return !slices.Contains(keys, key) }) {
				return p, nil
			}
		}
	}
	return nil, nil
}

// meanings are what a header means in the preset, and then the general ones. Without a preset
// they are the general ones.
func (p *preset) meanings(name string, general []string) []string {
	if p == nil {
		return general
	}
	return slices.Concat(p.table[presetKey(name)], general)

}
