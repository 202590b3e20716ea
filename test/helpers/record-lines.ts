/** The lines of a text in block style that hold the record of a sidecar: its key, and below it the JSON if that is folded. */
export function recordLines(sidecar = '[\\w-]+'): RegExp {
  return new RegExp(`^ +injected\\.sidecarctl\\.dev/${sidecar}: (?:>-\\n)?.*\\n`, 'gm')
}
