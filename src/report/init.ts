import type { Survey } from '../core/selection/policy-starter.ts'
import { escapeText } from './escape.ts'
import { plural } from './plural.ts'

/** `Deployment (3), Job (1)` */
function countsText(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name === '' ? 'none given' : escapeText(name)} (${count})`)
    .join(', ')
}

/** What init found in the repository, a line for each kind of thing. */
export function surveyText({ kinds, namespaces, sidecars, invalidFiles, validFiles }: Survey): string {
  const workloads = [...kinds.values()].reduce((sum, count) => sum + count, 0)
  const files = plural(validFiles.length + invalidFiles.length, 'file')
  const lines =
    workloads === 0
      ? [`found no workloads in ${files}`]
      : [
          `found ${plural(workloads, 'workload')} in ${files}: ${countsText(kinds)}; namespaces: ${countsText(namespaces)}`,
        ]
  if (sidecars.size > 0) lines.push(`found sidecars added earlier: ${[...sidecars].sort().map(escapeText).join(', ')}`)
  if (invalidFiles.length > 0)
    lines.push(`${plural(invalidFiles.length, 'file')} that kubectl could not read: excluded in the policy file`)
  return lines.map((line) => `${line}\n`).join('')
}

const CHECK = 'sidecarctl check --staged'

/** What to add to the configuration of each program that manages hooks. */
const ADDITIONS = {
  'pre-commit': [
    'repos:',
    '  - repo: local',
    '    hooks:',
    '      - id: sidecarctl',
    '        name: sidecarctl check',
    '        language: system',
    `        entry: ${CHECK}`,
    '        pass_filenames: false',
    '        always_run: true',
  ],
  lefthook: ['pre-commit:', '  commands:', '    sidecarctl:', `      run: ${CHECK}`],
  husky: [CHECK],
} as const

/** How to add the check to the hooks that a program manages. */
export function managedHookText({ program, file }: { program: keyof typeof ADDITIONS; file: string }): string {
  const lines = ADDITIONS[program]
  return `no git hook created, as ${program} manages the hooks of this repository; add to ${file}:\n${indented(lines)}`
}

/** How to add the check to a hook that exists, or that is not the repository's own. */
export function existingHookText(label: string, why: 'exists' | 'is-shared'): string {
  const reason = why === 'exists' ? 'already exists, not overwritten' : 'is outside of this repository, not created'
  return `${escapeText(label)} ${reason}; add this line to it:\n${indented([CHECK])}`
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}\n`).join('')
}

/** What to do after init. */
export const NEXT_STEPS = `next:
  edit sidecarctl.yaml           which workloads get which sidecars; sidecarctl init --docs explains every field
  sidecarctl explain -R .        print what each workload gets, and why
  sidecarctl inject -R . -w      add the sidecars
  sidecarctl check -R .          report manifests that are not up to date, in CI
`
