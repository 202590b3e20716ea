/** A word for a POSIX shell: in single quotes, unless it has only characters that mean nothing to one. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** A file as an argument of a command in a POSIX shell: `-`, standard input, for a source that is none. */
export function fileArgument(label: string): string {
  if (label.startsWith('<')) return '-'
  return shellWord(label.startsWith('-') ? `./${label}` : label)
}
