/** True for a duration of Go: `300ms`, `-1.5h`, `2h45m`, `0`. Source: Go time.ParseDuration. */
export function isGoDuration(text: string): boolean {
  return /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/.test(text)
}
