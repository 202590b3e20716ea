/** Adds items at the end of a list: any number of them, which the arguments of `push` are not. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item)
}
