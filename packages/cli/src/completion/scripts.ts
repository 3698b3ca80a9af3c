/**
 * What a shell runs to complete the words of `bulwark`. None of them knows a command or an option: each asks the program
 * that is installed, so that a script stays right after an update.
 *
 * `bulwark completion SHELL -- WORDS` answers with a candidate in a line, for zsh and fish with a tab and what it is
 * behind it where there is something to say, or with `:files N` where the shell completes files itself, after the first N characters of the word.
 */
export const SCRIPTS = {
  bash: `# Completion of bulwark for bash. Put this into ~/.bashrc:
#   source <(bulwark completion bash)
_bulwark() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    # Readline completes files where there is no candidate.
    [[ $line == :files* ]] && return
    COMPREPLY+=("$line")
  done < <(bulwark completion bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # compopt came with bash 4; macOS has bash 3.
  compopt +o default 2>/dev/null
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=:] ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o default -F _bulwark bulwark
`,
  zsh: `#compdef bulwark
# Completion of bulwark for zsh. Put this into ~/.zshrc, after compinit:
#   source <(bulwark completion zsh)
_bulwark() {
  local -a lines closed open
  local line value entry
  lines=("\${(@f)$(bulwark completion zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines[1] == :files* ]]; then
    compset -p \${lines[1]#:files }
    _files
    return
  fi
  for line in $lines; do
    value=\${line%%$'\\t'*}
    entry=\${value//:/\\\\:}
    [[ $line == *$'\\t'* ]] && entry+=:\${line#*$'\\t'}
    if [[ $value == *[=:] ]]; then open+=("$entry"); else closed+=("$entry"); fi
  done
  (( $#closed )) && _describe -t values value closed
  (( $#open )) && _describe -t values value open -S ''
}
if [[ $funcstack[1] == _bulwark ]]; then _bulwark "$@"; else compdef _bulwark bulwark; fi
`,
  fish: `# Completion of bulwark for fish. Put this into ~/.config/fish/config.fish:
#   bulwark completion fish | source
function __bulwark_candidates
    set -l words (commandline -opc)
    set -l token (commandline -ct)
    set -l lines (bulwark completion fish -- $words[2..-1] "$token" 2>/dev/null)
    if string match -q ':files*' -- "$lines[1]"
        set -l skip (string replace ':files ' '' -- $lines[1])
        set -l lead (string sub -l $skip -- "$token")
        for file in (__fish_complete_path (string sub -s (math $skip + 1) -- "$token"))
            printf '%s%s\\n' $lead $file
        end
    else if test (count $lines) -gt 0
        printf '%s\\n' $lines
    end
end
complete -c bulwark -f -a '(__bulwark_candidates)'
`,
} as const;

/** A shell whose completion there is. */
export type Shell = keyof typeof SCRIPTS;
