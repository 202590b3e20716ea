import { diagnostic, type Diagnostic, type ResourceRef } from '../diagnostics/diagnostic.ts'
import { DEFAULT_ORIGIN, DEFAULT_SIDECAR, unusedSettings, type Selector } from '../selection/selector.ts'
import type { Template } from '../template/template.ts'
import { overrideNote } from './resolve-sidecar.ts'
import { workloadsOf, type RunResult } from './result.ts'
import type { Scope } from './scopes.ts'

/** Notes about templates that a run used, and settings that it did not use. */
export function templateNotes(scopes: readonly Scope[], selectors: ReadonlyMap<Scope, Selector>): Diagnostic[] {
  const used = new Set<string>()
  for (const selector of selectors.values()) for (const name of selector.used) used.add(name)
  return scopes.flatMap((scope) => {
    const { options, catalog } = scope
    const own = [...new Set([...(options.sidecars ?? []), ...(selectors.get(scope)?.used ?? [])])].filter(catalog.isOwn)
    const overriding = own.flatMap((name) => overrideNote(catalog.get(name) as Template, options))
    return overriding.concat(unusedSettings(options, catalog, used))
  })
}

/** The error of a run in which no sidecar is chosen for workloads of a folder, where the default does not apply. */
export function nothingChosen({ files }: RunResult): Diagnostic[] {
  const refused = files.flatMap(({ source, workloads }) =>
    workloads
      .filter(({ selection }) => selection?.isRefused === true)
      .map(({ resource, document, offset }) => ({ source, resource, document, offset })),
  )
  const [first] = refused
  if (first === undefined) return []
  const { source, resource, document, offset } = first
  const others = refused.length - 1
  return [
    diagnostic(
      'SIDECAR_NOT_CHOSEN',
      `no sidecar is selected for this workload${others === 0 ? '' : ` and ${others} more`}: a folder needs -s or a policy file with rules`,
      {
        at: { source, range: { start: offset, end: offset + 1 } },
        document,
        resource,
        hint: 'select sidecars with -s NAME[,NAME] (`sidecarctl templates list` lists them), or write rules into a policy file, which `sidecarctl init` creates',
      },
    ),
  ]
}

/**
 * Errors for sidecars of unknown templates, in workloads for which nobody selected sidecars: such a run compares what is
 * injected, which it cannot without their templates.
 */
export function unknownInjected({ files }: RunResult): Diagnostic[] {
  const found = new Map<string, { first: Diagnostic['at']; resource: ResourceRef; document: number; count: number }>()
  for (const { source, workloads } of files) {
    for (const { selection, others = [], resource, document, offset } of workloads) {
      if (selection?.isOfRecord !== true) continue
      for (const { name } of others.filter(({ version, reason }) => version === '' || reason === 'template-unknown')) {
        const known = found.get(name)
        const first = { source, range: { start: offset, end: offset + 1 } }
        if (known === undefined) found.set(name, { first, resource, document, count: 1 })
        else known.count += 1
      }
    }
  }
  return [...found].map(([name, { first, resource, document, count }]) =>
    diagnostic(
      'SIDECAR_NOT_COMPARED',
      `sidecar "${name}" cannot be compared, because its template is unknown here${count === 1 ? '' : ` (${count} workloads)`}`,
      {
        at: first,
        document,
        resource,
        hint: 'name your templates with -t, or in the policy file: templates: [FOLDER]',
      },
    ),
  )
}

/** Notes that the default sidecar was used where none was chosen. */
export function defaultNote(result: RunResult): Diagnostic[] {
  const workloads = workloadsOf(result)
  if (!workloads.some(({ selection }) => selection?.origin === DEFAULT_ORIGIN)) return []
  return [
    diagnostic('SIDECAR_DEFAULT', `no sidecar was selected, so "${DEFAULT_SIDECAR}" is used`, {
      hint: 'select sidecars with --sidecar NAME[,NAME]; `sidecarctl templates list` lists them',
    }),
  ]
}

/** Errors for sidecars to remove that no workload of the run has, and for which no Service was retargeted. */
export function absentSidecars(result: RunResult, names: ReadonlySet<string>): Diagnostic[] {
  const workloads = workloadsOf(result)
  const injected = workloads.flatMap(({ sidecars, others = [] }) => [...sidecars, ...others].map(({ name }) => name))
  const retargeted = result.files.flatMap(({ services = [] }) =>
    services.flatMap(({ ports }) => ports.flatMap((port) => port.sidecars)),
  )
  const present = new Set([...injected, ...retargeted])
  const isAll = workloads.every(({ reason }) => reason !== 'not-selected')
  const none = isAll ? 'no sidecar is injected here' : 'no sidecar is injected in the workloads that -n and -l select'
  const hint = present.size === 0 ? none : `injected here: ${[...present].sort().join(', ')}`
  return [...names]
    .filter((name) => !present.has(name))
    .map((name) =>
      diagnostic('SIDECAR_NOT_INJECTED', `sidecar "${name}" is not injected in any of these workloads`, { hint }),
    )
}
