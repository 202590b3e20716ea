/**
 * Where a new item goes in a list: `first` (before the user's items), `last` (after all items), or right before or
 * after the item with that merge key. Where no such item exists, `first` applies.
 */
export type ItemPlace = 'first' | 'last' | `before:${string}` | `after:${string}`

/** The pattern of a place among init containers; the name after `before:` or `after:` is a DNS label. */
export const START_PATTERN = '^(first|last|(before|after):[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$'

const PLACE = new RegExp(START_PATTERN)

/** True for a valid place among init containers. */
export function isStartPlace(text: unknown): text is ItemPlace {
  return typeof text === 'string' && PLACE.test(text)
}

/** What `isStartPlace` accepts, for messages. */
export const START_PLACES = 'first, last, before:NAME or after:NAME'

/** The name in `before:NAME` or `after:NAME`; undefined for `first` and `last`. */
export function namedItem(place: ItemPlace): string | undefined {
  const at = place.indexOf(':')
  return at < 0 ? undefined : place.slice(at + 1)
}
