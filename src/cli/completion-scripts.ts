type Shell = 'bash' | 'zsh' | 'fish'

/**
 * Scripts that ask the program itself for candidates, so that they never differ from it. `sidecarctl __complete` prints
 * them, see `complete`; of its directive 2 means no space behind the word, 4 no file names, 16 folders only.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion for sidecarctl: source <(sidecarctl completion bash)
_sidecarctl() {
  local line=\${COMP_LINE:0:COMP_POINT} words out directive cur prefix
  COMPREPLY=()
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  cur=\${words[\${#words[@]} - 1]}
  out=$(sidecarctl __complete "\${words[@]:1}" 2>/dev/null) || return
  directive=\${out##*:}
  out=\${out%:*}
  if ((directive == 0)); then
    compopt -o default 2>/dev/null
    return
  fi
  if ((directive & 16)); then
    compopt -o dirnames 2>/dev/null
    return
  fi
  ((directive & 2)) && compopt -o nospace 2>/dev/null
  # bash replaces only what stands behind the last = or : of a word.
  prefix=
  [[ $cur == *[=:]* ]] && prefix=\${cur%"\${cur##*[=:]}"}
  while IFS= read -r line; do
    line=\${line%%$'\\t'*}
    [[ -n $line ]] && COMPREPLY+=("\${line#"$prefix"}")
  done <<<"$out"
}
complete -F _sidecarctl sidecarctl
`,
  zsh: `#compdef sidecarctl
# zsh completion for sidecarctl: source <(sidecarctl completion zsh), or a file _sidecarctl in a folder of $fpath
_sidecarctl() {
  local -a lines full shown
  local line directive word
  lines=("\${(@f)$(sidecarctl __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  directive=\${lines[-1]#:}
  lines[-1]=()
  if [[ $directive == 0 ]] || (( directive & 16 )); then
    # Of --values=FILE only what follows the = is the name of a file.
    [[ $PREFIX == --*=* ]] && compset -P 1 '*='
    if [[ $directive == 0 ]]; then _files; else _files -/; fi
    return
  fi
  for line in "\${lines[@]}"; do
    word=\${line%%$'\\t'*}
    [[ -z $word ]] && continue
    full+=("$word")
    if [[ $line == *$'\\t'* ]]; then shown+=("$word -- \${line#*$'\\t'}"); else shown+=("$word"); fi
  done
  if (( directive & 2 )); then
    compadd -S '' -l -d shown -a full
  else
    compadd -l -d shown -a full
  fi
}
if [[ $funcstack[1] == _sidecarctl ]]; then
  _sidecarctl "$@"
elif (( $+functions[compdef] )); then
  compdef _sidecarctl sidecarctl
fi
`,
  fish: `# fish completion for sidecarctl: sidecarctl completion fish | source
function __sidecarctl_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines (sidecarctl __complete $words[2..] 2>/dev/null)
    test (count $lines) -gt 0; or return
    # Of --values=FILE only what follows the = is the name of a file.
    set -l head (string match -r -- '^--[a-z-]+=' $words[-1]; or echo)
    set -l rest (string replace -r -- '^--[a-z-]+=' '' $words[-1])
    switch $lines[-1]
        case :0
            __fish_complete_path "$rest" | string replace -r '^' -- "$head"
        case :16
            __fish_complete_directories "$rest" | string replace -r '^' -- "$head"
        case '*'
            set -e lines[-1]
            test (count $lines) -gt 0; and printf '%s\\n' $lines
    end
end
complete -c sidecarctl -f -a '(__sidecarctl_complete)'
`,
}
