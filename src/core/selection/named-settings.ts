import type { SourceLocation } from '../diagnostics/diagnostic.ts'
import type { SelectionOptions } from './selection-options.ts'

/** The name under which `SelectionOptions.modes` and `starts` have the value for all other sidecars. */
export const ALL = ''

/** A flag that sets something for one sidecar, or a line of a file of `--values`. */
export interface NamedSetting {
  text: string
  at?: SourceLocation | undefined
}

/** The first setting for each sidecar that flags name. */
export function namedSettings({
  parameters,
  modes,
  starts,
}: Pick<SelectionOptions, 'parameters' | 'modes' | 'starts'>): Map<string, NamedSetting> {
  const all: [string, NamedSetting][] = [
    ...parameters.map((setting): [string, NamedSetting] => [
      setting.template,
      { text: settingText(setting), at: setting.at },
    ]),
    ...[...(modes ?? [])].map(([name, mode]): [string, NamedSetting] => [name, { text: `--mode ${name}=${mode}` }]),
    ...[...(starts ?? [])].map(([name, place]): [string, NamedSetting] => [name, { text: `--start ${name}=${place}` }]),
  ]
  const first = new Map<string, NamedSetting>()
  for (const [name, setting] of all) if (name !== ALL && !first.has(name)) first.set(name, setting)
  return first
}

/** How messages name the setting of a parameter. */
export function settingText({ origin, template, name }: SelectionOptions['parameters'][number]): string {
  return origin ?? `--set ${template}.${name}`
}
