/** What is wrong with an integer that its field cannot hold; `integer` is exact where that is known. */
export function unfitInteger(integer: number | bigint, bits: '32' | '64'): string {
  return `${integer} does not fit into a ${bits}-bit integer`
}
