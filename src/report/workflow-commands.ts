/**
 * The runner of GitHub Actions reads commands from the output of a step: a line that starts, after white space, with
 * `::`, and one that contains `##[` anywhere. Source: actions/runner, src/Runner.Common/ActionCommand.cs.
 */
const LINE_START = /^((?:[^\S\r\n\u2028\u2029]|\u0085)*):(?=:)/gm
const ANYWHERE = '##['

/** Maximum number of characters of an incomplete line that are kept to be checked with what follows. */
const KEPT = 1000

/** Text without commands: `\x3a:` for `::` and `##\x5b` for `##[`, as other escapes are shown. */
export function maskCommands(text: string): string {
  if (!text.includes('::') && !text.includes(ANYWHERE)) return text
  return text.replace(LINE_START, '$1\\x3a').replaceAll(ANYWHERE, '##\\x5b')
}

/** JSON of the same value without commands. */
export function maskJson(json: string): string {
  return json.replaceAll(ANYWHERE, '##\\u005b')
}

/** XML of the same content without commands. */
export function maskXml(xml: string): string {
  return xml.replace(LINE_START, '$1&#58;').replaceAll(ANYWHERE, '##&#91;')
}

/** Whether the runner would find a command in an output. */
export function holdsCommand(pieces: Iterable<string | Uint8Array>): boolean {
  const decoder = new TextDecoder()
  let kept = ''
  for (const piece of pieces) {
    const text = kept + (typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }))
    if (maskCommands(text) !== text) return true
    const line = text.slice(Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1)
    if (line.trim() === '') kept = line === '' ? '' : ' '
    else kept = line.length > KEPT ? `x${line.slice(-2)}` : line
  }
  return false
}

/**
 * A patch between two lines that make the runner ignore commands in it. git apply and patch ignore text before and
 * after the hunks.
 * @param token must not be predictable
 */
export function* withoutCommands(patch: Iterable<string | Uint8Array>, token: string): Generator<string | Uint8Array> {
  yield `::stop-commands::${token}\n`
  yield* patch
  yield `::${token}::\n`
}
