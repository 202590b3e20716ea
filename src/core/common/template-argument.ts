import { fileArgument } from './shell-word.ts'

/** A template as arguments of `templates docs` and `templates show`: its name, and its file where it is no built-in one. */
export function templateArgument(name: string, label: string): string {
  return label.startsWith('<') ? name : `${name} -t ${fileArgument(label)}`
}
