package app

import (
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"

	"wegwijs/bot/dialogue"
)

type catalogueCmd struct {
	Check  catalogueCheckCmd  `cmd:"" help:"Check every fact and print what is there, per kind and language."`
	Import catalogueImportCmd `cmd:"" help:"Take an official list (CSV, JSON) into a folder of seeds."`
	Diff   catalogueDiffCmd   `cmd:"" help:"Say what two folders of seeds differ in."`
	Export catalogueExportCmd `cmd:"" help:"Print the whole catalogue, or make a folder of seeds."`
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
