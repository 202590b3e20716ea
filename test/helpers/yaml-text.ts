/** Texts in tests: YAML indented like the code around it, with carriage returns that can be seen. */

/**
 * YAML as it is, without the indentation of the code around it. It begins on the line below the backtick; a closing
 * backtick on a line of its own stands for a final line break, and behind the last character for none. `␍` is CR.
 */
export function yaml(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  const lines = String.raw({ raw: strings.raw }, ...values).split('\n')
  const [first, ...rest] = lines
  if (rest.length === 0) return unseen(first as string)
  if (first !== '') throw new Error('YAML of several lines begins on the line below the backtick')
  if (rest.at(-1)?.trim() === '') rest[rest.length - 1] = ''
  const indent = Math.min(...rest.filter((line) => line.trim() !== '').map((line) => line.search(/[^ ]/)))
  return unseen(rest.map((line) => line.slice(indent)).join('\n'))
}

function unseen(text: string): string {
  return text.replaceAll('␍', '\r')
}

/** A text with carriage returns that can be seen, for expectations whose difference is shown. */
export function visible(text: string): string {
  return text.replaceAll('\r', '␍')
}
