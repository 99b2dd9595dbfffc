package app

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// settings finds the value of a flag that was not given: in the environment as
// WEGWIJS_NAME, for any of them also in the file that WEGWIJS_NAME_FILE names
// (so that a secret need not stand in the environment), or in the settings
// file of --config or WEGWIJS_CONFIG.
func settings(getenv func(string) string) kong.Resolver {
	var file map[string]any
	var read bool
	return kong.ResolverFunc(func(k *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		name := "WEGWIJS_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		if v := getenv(name); v != "" {
			return v, nil
		}
		if path := getenv(name + "_FILE"); path != "" {
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("%s_FILE: %w", name, err)
			}
			return strings.TrimSpace(string(data)), nil
		}
		if flag.Name == "config" || flag.Name == "help" {
			return nil, nil
		}
		if !read {
			read = true
			path := configPath(k, getenv)
			if path == "" {
				return nil, nil
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("--config: %w", err)
			}
			if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
				return nil, fmt.Errorf("--config: %s: %w", path, err)
			}
		}
		if v, ok := file[flag.Name]; ok {
			return fmt.Sprint(v), nil
		}
		return nil, nil
	})
}

// configPath is the settings file, found before kong has applied its flags.
func configPath(k *kong.Context, getenv func(string) string) string {
	for i, arg := range k.Args {
		if v, ok := strings.CutPrefix(arg, "--config="); ok {
			return v
		}
		if arg == "--config" && i+1 < len(k.Args) {
			return k.Args[i+1]
		}
	}
	return getenv("WEGWIJS_CONFIG")
}
