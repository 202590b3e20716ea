/**
 * Where a new item goes in a list: before the items of the user's, after all items, or right before or after the item with
 * that identity. Where no such item exists, it is as `first`.
 */
export type ItemPlace = 'first' | 'last' | `before:${string}` | `after:${string}`

/** A place among init containers, as a pattern; the name after `before:` or `after:` is a DNS label. */
export const START_PATTERN = '^(first|last|(before|after):[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$'

const PLACE = new RegExp(START_PATTERN)

/** Whether a text says where among init containers a sidecar starts. */
export function isStartPlace(text: unknown): text is ItemPlace {
  return typeof text === 'string' && PLACE.test(text)
}

/** What `isStartPlace` accepts, for messages. */
export const START_PLACES = 'first, last, before:NAME or after:NAME'

/** The item that a place names; undefined for `first` and `last`. */
export function namedItem(place: ItemPlace): string | undefined {
  const at = place.indexOf(':')
  return at < 0 ? undefined : place.slice(at + 1)
}
