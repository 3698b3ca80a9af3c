// Command yaml-oracle answers how kubectl reads YAML, for many documents in one process.
//
// Each line of standard input is a JSON string, one document; each line of standard output is
// {"json": "..."} or {"error": "..."}, and "strict" when only the strict reading refuses it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

type answer struct {
	// The JSON as text, so that the reader of the answer sees integers exactly.
	JSON *string `json:"json,omitempty"`
	// Why sigs.k8s.io/yaml refuses the document.
	Error string `json:"error,omitempty"`
	// Why YAMLToJSONStrict refuses what YAMLToJSON accepts: a key that is written twice.
	Strict string `json:"strict,omitempty"`
}

func read(document []byte) (result answer) {
	defer func() {
		if fault := recover(); fault != nil {
			result = answer{Error: fmt.Sprintf("panic: %v", fault)}
		}
	}()
	plain, err := yaml.YAMLToJSON(document)
	if err != nil {
		return answer{Error: err.Error()}
	}
	text := string(plain)
	result = answer{JSON: &text}
	if _, err := yaml.YAMLToJSONStrict(document); err != nil {
		result.Strict = err.Error()
	}
	return result
}

func run() error {
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	buffered := bufio.NewWriterSize(os.Stdout, 1<<20)
	out := json.NewEncoder(buffered)
	out.SetEscapeHTML(false)
	for in.More() {
		var document string
		if err := in.Decode(&document); err != nil {
			return err
		}
		if err := out.Encode(read([]byte(document))); err != nil {
			return err
		}
	}
	return buffered.Flush()
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
