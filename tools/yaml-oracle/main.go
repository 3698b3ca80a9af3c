// Command yaml-oracle answers how kubectl reads YAML, for many documents in one process.
//
// Each line of standard input is {"yaml": "..."}, one document; each line of standard output is
// {"json": "..."} or {"error": "..."}, and has "strict" when only the strict reading refuses the document.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
	goyaml "sigs.k8s.io/yaml/goyaml.v2"
)

type question struct {
	YAML string `json:"yaml"`
}

type answer struct {
	// The JSON as text, so that whoever reads the answer sees integers exactly.
	JSON *string `json:"json,omitempty"`
	// Why YAMLToJSON refuses the document.
	Error string `json:"error,omitempty"`
	// Whether YAMLToJSON left text unread: it stops at the end of the first document.
	Rest bool `json:"rest,omitempty"`
	// Why YAMLToJSONStrict refuses what YAMLToJSON accepts: a key that is set twice.
	Strict string `json:"strict,omitempty"`
}

// lines gives a document as kubectl hands it on: its reader takes lines without their ends, be they \n or \r\n,
// and puts \n after each, the last included.
func lines(document string) []byte {
	return []byte(strings.TrimSuffix(strings.ReplaceAll(document, "\r\n", "\n"), "\n") + "\n")
}

// hasRest tells whether anything but the end follows the first document.
func hasRest(document string) bool {
	decoder := goyaml.NewDecoder(bytes.NewReader(lines(document)))
	var ignored interface{}
	if decoder.Decode(&ignored) == io.EOF {
		return false
	}
	return decoder.Decode(&ignored) != io.EOF
}

func read(document string) (result answer) {
	defer func() {
		if fault := recover(); fault != nil {
			result = answer{Error: fmt.Sprintf("panic: %v", fault)}
		}
	}()
	plain, err := yaml.YAMLToJSON(lines(document))
	if err != nil {
		return answer{Error: err.Error()}
	}
	text := string(plain)
	result = answer{JSON: &text, Rest: hasRest(document)}
	if _, err := yaml.YAMLToJSONStrict(lines(document)); err != nil {
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
		var asked question
		if err := in.Decode(&asked); err != nil {
			return err
		}
		if err := out.Encode(read(asked.YAML)); err != nil {
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
