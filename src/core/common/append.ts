/** Adds items at the end of a list: any number of them, which the arguments of `push` are not. */
export function append<T>(list: T[], items: readonly T[]): void {
  for (let n = 0; n < items.length; n++) list.push(items[n] as T)
}
