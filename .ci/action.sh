#!/usr/bin/env bash
# What action.yml runs. From the environment: SIDECARCTL, the program; ARGS, the command and its arguments; PATHS, files, one
# per line; SARIF, a file for the findings. Adds what was found to the summary of the job, and exits as the program does.
set -uo pipefail

# The lines of a text that are not blank, as the array `lines`.
lines_of() {
  lines=()
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    if [ -n "${line//[[:space:]]/}" ]; then lines+=("$line"); fi
  done <<< "$1"
}

lines_of "$ARGS"
args=("${lines[@]}")
if [ "${#args[@]}" -eq 1 ]; then read -r -a args <<< "${args[0]}"; fi
lines_of "$PATHS"
paths=("${lines[@]}")
# An option would be read as such behind --, so it goes in front of what ends the options.
all=("${args[@]}")
if [ "${#paths[@]}" -gt 0 ]; then all+=(-- "${paths[@]}"); fi

summary=${GITHUB_STEP_SUMMARY:-/dev/null}
output=$(mktemp)
trap 'rm -f "$output" "$output.err" "$output.code" "$output.sarif"' EXIT
# Both streams stay pipes: in a log of GitHub the program masks what the runner would take for a command.
{
  { { node "$SIDECARCTL" "${all[@]}"; echo $? > "$output.code"; } | tee "$output" >&3; } 2>&1 | tee "$output.err" >&2
} 3>&1
code=$(cat "$output.code")
{
  printf '### sidecarctl %s: %s\n\n' "${args[0]:-}" "$(if [ "$code" -eq 0 ]; then echo passed; else echo "failed (exit code $code)"; fi)"
  # Longer than any run of backquotes in it, so that nothing in it ends the block.
  fence='``````````'
  printf '%s\n' "${fence}text"
  { head -c 200000 "$output"; head -c 50000 "$output.err"; } | sed 's/`\{10,\}/`````/g'
  printf '%s\n' "$fence"
} >> "$summary"

# The commands that have a report for reviewers, unless the arguments ask for another format.
case "${args[0]:-} ${args[*]:1}" in
  *' -o'* | *' --output'*) ;;
  'check '* | 'diff '* | 'status '*)
    node "$SIDECARCTL" "${args[0]}" -o markdown -q "${all[@]:1}" >> "$summary" 2> /dev/null
    ;;
esac

if [ -n "${SARIF:-}" ]; then
  # The last -o applies; after -- it would be a file name.
  formatted=() isFormatted=
  for arg in "${all[@]}"; do
    if [ "$arg" = -- ] && [ -z "$isFormatted" ]; then formatted+=(-o sarif) isFormatted=yes; fi
    formatted+=("$arg")
  done
  if [ -z "$isFormatted" ]; then formatted+=(-o sarif); fi
  if : > "$SARIF"; then
    node "$SIDECARCTL" "${formatted[@]}" > "$SARIF" 2> "$output.sarif"
    sarif=$?
    if [ "$sarif" -gt 1 ] && [ "$code" -le 1 ]; then cat "$output.sarif" >&2; fi
  else
    sarif=2
  fi
  # 1 means findings, which are in the file.
  if [ "$sarif" -gt 1 ] && [ "$code" -le 1 ]; then code=$sarif; fi
fi
exit "$code"
