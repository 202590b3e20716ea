/** Tabs as the ARIA Authoring Practices Guide has them: arrow keys move between tabs, only one is in the tab order. */

/** The tabs of the page. */
export interface Tabs {
  /** The name of the tab that is shown: `result`, `diff`. */
  selected(): string
}

/** @param onSelect called with the name of a tab that is to be shown */
export function openTabs(onSelect: (name: string) => void): Tabs {
  const tabs = [...document.querySelectorAll<HTMLElement>('[role=tab]')]
  let selected = tabs[0] as HTMLElement
  const select = (tab: HTMLElement): void => {
    selected = tab
    for (const one of tabs) {
      const isSelected = one === tab
      one.setAttribute('aria-selected', String(isSelected))
      one.tabIndex = isSelected ? 0 : -1
      const panel = document.getElementById(one.getAttribute('aria-controls') ?? '')
      if (panel !== null) panel.hidden = !isSelected
    }
    onSelect(nameOf(tab))
  }
  for (const [n, tab] of tabs.entries()) {
    tab.addEventListener('click', () => {
      select(tab)
    })
    tab.addEventListener('keydown', ({ key }) => {
      const to = { ArrowRight: n + 1, ArrowLeft: n - 1, Home: 0, End: tabs.length - 1 }[key]
      if (to === undefined) return
      const next = tabs[(to + tabs.length) % tabs.length] as HTMLElement
      next.focus()
      select(next)
    })
  }
  return { selected: () => nameOf(selected) }
}

function nameOf({ id }: HTMLElement): string {
  return id.replace('tab-', '')
}
