/** The elements of the page. Text reaches the page by `textContent` alone, so that none of it can be markup. */

/** The element with an id, which the page has. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no element ${id}`)
  return found as T
}

/** A new element with a class and a text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  { text = '', className = '' }: { text?: string; className?: string } = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  if (text !== '') made.textContent = text
  if (className !== '') made.className = className
  return made
}

/** Puts new children in the place of all children of an element. */
export function fill(parent: HTMLElement, children: readonly Node[]): void {
  const fragment = document.createDocumentFragment()
  for (const child of children) fragment.append(child)
  parent.replaceChildren(fragment)
}
