/** A word for a POSIX shell: in single quotes, unless it has only characters that mean nothing to one. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
