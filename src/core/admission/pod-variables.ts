import { knownInjectorNames, knownInjectorImages } from '../desired/known-injectors.ts'
import { OLD_RECORD, recordKey } from '../ownership/record.ts'
import { APP_CONTAINERS, INJECT } from '../selection/annotations.ts'
import { allOf, celLiteral, celMap, celString, dyn, indented } from './cel-literal.ts'
import { isOwnContainer } from './conditions.ts'
import { POD } from './names.ts'
import type { SidecarParts } from './sidecar-parts.ts'
import type { PolicyVariable } from './policy-variable.ts'

/** The variables of a policy that all sidecars use. */
export function podVariables(): PolicyVariable[] {
  return [
    variable(POD.annotations, "The Pod's annotations.", 'object.metadata.?annotations.orValue({})'),
    variable(POD.labels, "The Pod's labels.", 'object.metadata.?labels.orValue({})'),
    variable(POD.volumes, 'Its volumes.', 'object.spec.?volumes.orValue([])'),
    variable(
      POD.inits,
      'Its init containers, with native sidecars among them.',
      'object.spec.?initContainers.orValue([])',
    ),
    variable(
      POD.records,
      'What sidecarctl recorded about sidecars that are in it.',
      `${POD.annotations}.map(k, k.startsWith(${celString(recordKey(''))}), string(${POD.annotations}[k]))`,
    ),
    variable(POD.ownContainers, 'What it recorded about containers.', ownContainers('containers')),
    variable(
      POD.appItems,
      'What it recorded about items of app containers.',
      `${POD.records}.map(r, r.findAll(${celString('"spec\\.containers\\[[^\\]]+\\]\\.[^"]*":"[0-9a-f]{8}"')}))`,
    ),
    variable(
      POD.appLists,
      'What it recorded about lists that it created in app containers.',
      `${POD.records}.map(r, r.findAll(${celString('"spec\\.containers\\[[^\\]]+\\]\\.[A-Za-z]+"')}))`,
    ),
    variable(POD.ownInits, 'What it recorded about init containers.', ownContainers('initContainers')),
    variable(
      POD.apps,
      "The app's containers: not those of sidecars, nor those of other tools' injectors.",
      [
        'object.spec.containers.transformList(i, c,',
        indented(
          allOf([
            `!(c.name in ${celLiteral([...knownInjectorNames()])})`,
            `!c.?image.orValue('').matches(${celString(knownInjectorImages())})`,
            `!${isOwnContainer('containers')}`,
          ]),
        ) + ',',
        indented(
          celMap([
            ['index', dyn('i')],
            ['name', dyn('c.name')],
            ['container', dyn('c')],
          ]),
        ),
        ')',
      ].join('\n'),
    ),
    variable(
      POD.asked,
      "Names of sidecars that the Pod or else its namespace asks for; 'true' where they leave it to the policy.",
      askedExpression(),
    ),
  ]
}

/**
 * CEL expression: the keys of records for whole containers of a list. It is a variable, because the search takes time
 * in proportion to the records.
 */
function ownContainers(list: string): string {
  return `${POD.records}.map(r, r.findAll(${celString(`"spec\\.${list}\\[[^\\]]+\\]":`)}))`
}

function variable(use: string, comment: string, expression: string): PolicyVariable {
  return { name: use.slice('variables.'.length), expression: `// ${comment}\n${expression}` }
}

/**
 * CEL expression: the names that a Pod or its namespace asks for. An annotation overrides a label even if it is `true`.
 */
function askedExpression(): string {
  const key = celString(INJECT)
  const inNamespace = (map: string): string =>
    `has(namespaceObject.metadata.${map}) && ${key} in namespaceObject.metadata.${map}`
  return [
    `(${key} in ${POD.annotations} && ${POD.annotations}[${key}] != 'true' ? string(${POD.annotations}[${key}]) :`,
    ` !(${key} in ${POD.annotations}) && ${key} in ${POD.labels} && ${POD.labels}[${key}] != 'true' ? string(${POD.labels}[${key}]) :`,
    ` ${inNamespace('annotations')} ? namespaceObject.metadata.annotations[${key}] :`,
    ` ${inNamespace('labels')} ? namespaceObject.metadata.labels[${key}] : 'true')`,
    ".split(',').map(name, name.trim())",
  ].join('\n')
}

/**
 * CEL expression: whether a Pod gets a sidecar, because it asks for it, or because it leaves that to the policy, which
 * adds it.
 * @param byPolicy expression: whether the policy adds it
 * @param names of all sidecars of the export; a Pod that asks for another one is left to `inject`
 */
export function selectedExpression(sidecar: string, byPolicy: string, names: readonly string[]): string {
  const isAsked = `${celString(sidecar)} in ${POD.asked} && ${POD.asked}.all(name, name in ${celLiteral([...names])})`
  return `(${POD.asked} == ['true'] ? ${byPolicy.includes('\n') ? `(\n${indented(byPolicy)})` : byPolicy} : ${isAsked})`
}

/**
 * The variable with the longest grace period, in seconds, of all sidecars that the Pod gets; none if no sidecar needs
 * one.
 */
export function graceVariable(sidecars: readonly { parts: SidecarParts; applies: string }[]): PolicyVariable[] {
  const asked = sidecars.flatMap(({ parts: { grace }, applies }) =>
    grace === undefined ? [] : [`${applies} ? ${grace} : 0`],
  )
  if (asked.length === 0) return []
  return [
    variable(
      'variables.pod_grace',
      'The longest grace period that one of them asks for, in seconds.',
      `[${asked.join(', ')}].max()`,
    ),
  ]
}

/**
 * The conditions for a Pod to be mutated by the policy at all.
 * @param excluded names and patterns of namespaces
 */
export function matchConditions(excluded: readonly string[]): { name: string; expression: string }[] {
  const annotations = 'object.metadata.?annotations.orValue({})'
  const globs = excluded.filter((name) => /[*?]/.test(name))
  const names = excluded.filter((name) => !globs.includes(name))
  return [
    ...(names.length === 0
      ? []
      : [{ name: 'namespace-is-not-excluded', expression: `!(request.namespace in ${celLiteral(names)})` }]),
    ...globs.map((glob, n) => ({
      name: `namespace-is-not-excluded-${n + 1}`,
      expression: `!request.namespace.matches(${celString(globPattern(glob))})`,
    })),
    // Policies see Pods before validation, which rejects those without containers later.
    { name: 'pod-has-containers', expression: 'object.spec.?containers.orValue([]) != null' },
    // The mirror of a static Pod must stay as the kubelet created it.
    { name: 'pod-is-not-static', expression: `!('kubernetes.io/config.mirror' in ${annotations})` },
    { name: 'record-has-the-new-form', expression: `!(${celString(OLD_RECORD)} in ${annotations})` },
    { name: 'pod-chooses-no-containers', expression: `!(${celString(APP_CONTAINERS)} in ${annotations})` },
    { name: 'pod-does-not-opt-out', expression: `${annotations}[?${celString(INJECT)}].orValue('') != 'false'` },
  ]
}

/** A pattern of names with `*` and `?`, as a regular expression (RE2). */
export function globPattern(glob: string): string {
  const parts = [...glob].map((char) =>
    char === '*' ? '.*' : char === '?' ? '.' : char.replace(/[\\.+()|[\]{}^$]/, '\\$&'),
  )
  return `^${parts.join('')}$`
}
