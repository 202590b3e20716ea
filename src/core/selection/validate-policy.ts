import { diagnostic, type Diagnostic, type SourceLocation } from '../diagnostics/diagnostic.ts'
import type { Catalog } from './catalog.ts'
import type { SetValue } from './selection.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { checkValue } from '../template/value.ts'
import type { Policy } from './policy.ts'

/** Checks every name and value of a policy against the templates, once, whichever workloads its rules match. */
export function validatePolicy(policy: Policy, catalog: Catalog): Diagnostic[] {
  const rules = policy.rules ?? []
  const names = [
    ...rules.flatMap((rule) => rule.adds.map(({ name, origin }) => ({ name, at: origin.at }))),
    ...rules.flatMap((rule) => (rule.excludes === 'all' ? [] : rule.excludes)),
    ...policy.modes.map(({ template, from }) => ({ name: template, at: from.at })),
    ...policy.parametersOf,
    ...policy.versions,
  ]
  // Aliases lead to the same place.
  const seen = new Set<number | undefined>()
  const unknown = names
    .filter(({ name }) => !catalog.has(name))
    .flatMap(({ name, at }) => {
      const start = at?.range.start
      if (seen.has(start)) return []
      seen.add(start)
      return [problem('SIDECAR_UNKNOWN', `unknown sidecar "${name}"`, at, didYouMeanHint(name, catalog.names))]
    })
  const values = [...policy.values, ...rules.flatMap((rule) => rule.adds.flatMap((addition) => addition.values))]
  const pins = policy.versions.flatMap((pin) => pinProblem(pin, catalog))
  return [...unknown, ...pins, ...values.flatMap((value) => valueProblem(value, catalog))]
}

/** A template of another version than the policy wants: nothing of it may get into a manifest. */
function pinProblem({ name, version, at }: Policy['versions'][number], catalog: Catalog): Diagnostic[] {
  const current = catalog.get(name)?.version
  if (current === undefined || current === version || current.startsWith(`${version}.`)) return []
  const whose = catalog.isOwn(name) ? 'your template is' : 'this release of sidecarctl has'
  const message = `sidecar "${name}" is pinned to version ${version}, but ${whose} ${current}`
  const keep = catalog.isOwn(name)
    ? 'or restore the template from version control'
    : `or stay on ${version}: run \`sidecarctl templates export ${name} --to sidecars\` with the release that has it, and name that folder in spec.templates`
  return [problem('SIDECAR_VERSION', message, at, `review what changes and pin ${current}, ${keep}`)]
}

function valueProblem({ template: name, name: parameter, value, at }: SetValue, catalog: Catalog): Diagnostic[] {
  const template = catalog.get(name)
  if (template === undefined) return []
  const spec = template.parameters.get(parameter)
  if (spec === undefined) {
    const hint = didYouMeanHint(parameter, [...template.parameters.keys()])
    return [problem('PARAM_UNKNOWN', `the sidecar ${name} has no parameter "${parameter}"`, at, hint)]
  }
  const checked = checkValue(spec, value)
  if (!('problem' in checked)) return []
  const hint = `${parameter}: ${spec.description}`
  return [problem('PARAM_INVALID', `${name}.${parameter}: ${checked.problem}`, at, hint)]
}

function problem(
  code: 'SIDECAR_UNKNOWN' | 'SIDECAR_VERSION' | 'PARAM_UNKNOWN' | 'PARAM_INVALID',
  message: string,
  at?: SourceLocation,
  hint?: string,
): Diagnostic {
  return diagnostic(code, message, { at, hint })
}
