package app

import (
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"

	"wegwijs/bot"
	"wegwijs/bot/dialogue"
	"wegwijs/knowledge/catalogue"
)

type catalogueCmd struct {
	Check catalogueCheckCmd `cmd:"" help:"Check every fact and print what is there, per kind."`
}

type catalogueCheckCmd struct{}

// Run reads everything; a fault stops it with file and line.
func (catalogueCheckCmd) Run(sh *shell) error {
	k, err := sh.learn()
	if err != nil {
		return err
	}
	counts(sh, k)
	return nil
}

// counts prints how much of each kind there is.
func counts(sh *shell, k *bot.Knowledge) {
	courses := map[catalogue.Provider][2]int{}
	for i := range k.Catalogue.Courses {
		c := &k.Catalogue.Courses[i]
		n := courses[c.Provider]
		courses[c.Provider] = [2]int{n[0] + 1, n[1] + len(c.Offers)}
	}
	for _, p := range catalogue.Providers {
		fmt.Fprintf(sh.out, "%-12s %4d courses  %4d offers\n", p, courses[p][0], courses[p][1])
	}
	for _, n := range []struct {
		name  string
		count int
	}{
		{"institutions", len(k.Catalogue.Institutions)},
		{"communes", len(k.Catalogue.Communes)},
		{"articles", len(k.Library.Articles)},
		{"terms", len(k.Library.Terms)},
		{"initiatives", len(k.Library.Initiatives)},
		{"jobs", len(k.Library.Jobs)},
		{"desks", len(k.Library.Desks)},
	} {
		fmt.Fprintf(sh.out, "%-12s %4d\n", n.name, n.count)
	}
	fmt.Fprintln(sh.out, "no faults")
}

type dialogueCmd struct {
	Check dialogueCheckCmd `cmd:"" help:"Prove that the conversation has no holes."`
	Graph dialogueGraphCmd `cmd:"" help:"Draw the conversation."`
}

type dialogueCheckCmd struct {
	File string `arg:"" optional:"" help:"Tree to check; the one that is served when left out." type:"path"`
}

// Run proves the tree and says what was proved.
func (c dialogueCheckCmd) Run(sh *shell) error {
	t, err := readTree(sh, c.File)
	if err != nil {
		return err
	}
	proof, _ := t.Prove()
	fmt.Fprintf(sh.out, "%s: %d cases walked, %d complete paths, at most %d questions; every path ends in results\n",
		t.Name, proof.States, proof.Paths, proof.Questions)
	return nil
}

type dialogueGraphCmd struct {
	Format string `enum:"mermaid,dot" default:"mermaid" help:"mermaid or dot."`
}

// Run draws the tree.
func (c dialogueGraphCmd) Run(sh *shell) error {
	t, err := readTree(sh, "")
	if err != nil {
		return err
	}
	return t.Graph(sh.out, c.Format)
}

func readTree(sh *shell, path string) (*dialogue.Tree, error) {
	const shipped = "tree/studiekeuze.yaml"
	data, name := []byte(nil), shipped
	var err error
	if path != "" {
		name = path
		data, err = os.ReadFile(path)
	} else {
		data, err = fs.ReadFile(sh.knowledgeFiles(), shipped)
	}
	if err != nil {
		return nil, err
	}
	return dialogue.Parse(name, data)
}

type versionCmd struct {
	JSON bool `name:"json" help:"Print as JSON."`
}

// Run prints which build this is.
func (c versionCmd) Run(sh *shell) error {
	v := struct {
		Version string `json:"version"`
		Go      string `json:"go"`
		Commit  string `json:"commit,omitempty"`
	}{Version: "dev"}
	if info, ok := debug.ReadBuildInfo(); ok {
		v.Go = info.GoVersion
		if info.Main.Version != "" {
			v.Version = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v.Commit = s.Value
			}
		}
	}
	if c.JSON {
		return writeJSON(sh.out, v)
	}
	fmt.Fprintf(sh.out, "wegwijs %s (%s)\n", v.Version, v.Go)
	return nil
}
