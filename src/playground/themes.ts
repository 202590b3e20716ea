import { byId } from './dom.ts'

/** Lets people choose a theme; without a choice it is the system's. */
export function openThemes(onChange: () => void): void {
  const choice = byId<HTMLSelectElement>('theme')
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const apply = (): void => {
    const isDark = choice.value === 'dark' || (choice.value === 'auto' && system.matches)
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
    onChange()
  }
  choice.addEventListener('input', apply)
  system.addEventListener('change', apply)
  apply()
}
