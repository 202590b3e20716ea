import { getOrMake } from '../common/maps.ts'
import { fileArgument } from '../common/shell-word.ts'
import { codeInfo } from '../diagnostics/codes.ts'
import { diagnostic, type Diagnostic, type Severity } from '../diagnostics/diagnostic.ts'
import { formatJsonPath, isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import type { KubeObject } from '../kube/workload.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { unfitInteger } from '../diagnostics/unfit-integer.ts'
import { exactNumberAt } from '../yaml/read/exact.ts'
import { quoteHint } from '../diagnostics/quote-hint.ts'
import { locate } from '../yaml/read/construct.ts'
import type { YamlNode } from '../yaml/read/node.ts'

/** Codes of schema findings on values that rules cannot read: such a value counts as absent to them. */
const UNREADABLE_VALUES: ReadonlySet<string> = new Set(['FIELD_TYPE', 'FIELD_RANGE', 'FIELD_FORMAT'])

export function severityOf(finding: Finding): Severity {
  return finding.severity ?? codeInfo(finding.code).severity
}

/**
 * Joins the findings of the schema and of the rules, without repetitions. Where both report a missing field, the
 * finding of the rule is kept, as it says more. Findings of rules on an unreadable value, or inside a missing field,
 * are only consequences and dropped.
 */
export function mergeFindings(schema: readonly Finding[], rules: readonly Finding[]): Finding[] {
  if (rules.length === 0) return once(schema)
  const spokenOf = keysOf(rules.filter((found) => severityOf(found) === 'error'))
  const unreadable = keysOf(schema.filter(({ code }) => UNREADABLE_VALUES.has(code)))
  const missing = keysOf(schema.filter(({ code }) => code === 'FIELD_REQUIRED'))
  const kept = schema.filter(({ code, path }) => code !== 'FIELD_REQUIRED' || !spokenOf.has(pathKey(path)))
  const causes = rules.filter(({ path }) => !isWithin(path, unreadable) && !isWithin(path.slice(0, -1), missing))
  return once([...kept, ...causes])
}

function keysOf(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.map(({ path }) => pathKey(path)))
}

function pathKey(path: JsonPath): string {
  return JSON.stringify(path)
}

/** True when the path is one of these or leads into one of them. */
function isWithin(path: JsonPath, parents: ReadonlySet<string>): boolean {
  return parents.size > 0 && path.some((_, i) => parents.has(pathKey(path.slice(0, i + 1))))
}

function once(findings: readonly Finding[]): Finding[] {
  if (findings.length < 2) return [...findings]
  const seen = new Set<string>()
  return findings.filter((finding) => {
    const key = JSON.stringify([finding.code, finding.path, finding.at ?? null, finding.message])
    return seen.size < seen.add(key).size
  })
}

/** Fields that identify list items in the API, in the order in which they are tried. */
const ITEM_KEYS = ['name', 'mountPath', 'devicePath', 'containerPort', 'key', 'ip', 'path', 'port'] as const

/**
 * A text that identifies a finding and does not change when items are inserted into lists: an item is named by its key
 * if it has one (`spec.containers[name=web].image`), else by its content.
 */
function findingIdentity(finding: Finding, data: JsonObject, names: ItemNames): string {
  const steps: (string | number)[] = []
  let at: Json | undefined = data
  for (const step of finding.path) {
    if (typeof step === 'number') {
      at = Array.isArray(at) ? at[step] : undefined
      steps.push(names.of(at))
    } else {
      at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined
      steps.push(step)
    }
  }
  return `${finding.code} ${formatJsonPath(steps)} ${finding.message}`
}

/** Names of list items. An item without a key gets a number for its content, which is computed once per item. */
class ItemNames {
  readonly #known = new Map<Json, string>()
  readonly #numbers = new Map<string, number>()

  of(item: Json = null): string {
    return getOrMake(this.#known, item, () => itemKeyOf(item) ?? this.#number(JSON.stringify(item)))
  }

  #number(text: string): string {
    const number = getOrMake(this.#numbers, text, () => this.#numbers.size)
    return `#${number}`
  }
}

/** `KEY=VALUE` for the first field of ITEM_KEYS that an item has; undefined if it has none. */
export function itemKeyOf(item: Json): string | undefined {
  if (!isObject(item)) return undefined
  for (const key of ITEM_KEYS) {
    const value = Object.hasOwn(item, key) ? item[key] : undefined
    if (typeof value === 'string' || typeof value === 'number') return `${key}=${value}`
  }
  return undefined
}

/**
 * The findings on a changed object that its original did not have: what the change has caused. Two findings are the
 * same when code, message and place agree; places in lists are compared by the items' names, not by their indexes.
 */
export function newFindings(
  before: { data: JsonObject; findings: readonly Finding[] },
  after: { data: JsonObject; findings: readonly Finding[] },
): Finding[] {
  const known = new Map<string, number>()
  const names = new ItemNames()
  for (const finding of before.findings) {
    const identity = findingIdentity(finding, before.data, names)
    known.set(identity, (known.get(identity) ?? 0) + 1)
  }
  return after.findings.filter((finding) => {
    const identity = findingIdentity(finding, after.data, names)
    const left = known.get(identity) ?? 0
    if (left > 0) known.set(identity, left - 1)
    return left === 0
  })
}

/** Order of diagnostics in one input: by place, then by code. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  const difference = (a.at?.range.start ?? 0) - (b.at?.range.start ?? 0)
  if (difference !== 0) return difference
  return a.code < b.code ? -1 : Number(a.code > b.code)
}

/** Makes a diagnostic of a finding, with its range in the text. */
export function asDiagnostic(finding: Finding, { doc, path, ref }: KubeObject): Diagnostic {
  const root = doc.root as YamlNode
  const at = (place: Finding['path'], on?: Finding['on']) => ({
    source: doc.source,
    range: locate(root, [...path, ...place], on),
  })
  const { code, related, unquoted, unfit } = finding
  const message =
    unfit === undefined
      ? finding.message
      : unfitInteger(exactNumberAt(root, [...path, ...finding.path], unfit.value), unfit.bits)
  const value = at(finding.path)
  const ownHint = finding.hintFor?.(fileArgument(doc.source.label)) ?? finding.hint
  const hint = unquoted === undefined ? ownHint : quoteHint(value, unquoted)
  return diagnostic(code, message, {
    severity: severityOf(finding),
    at: at(finding.at ?? finding.path, finding.on),
    document: doc.index,
    resource: ref,
    path: finding.path,
    hint,
    related: related?.map((other) => ({ message: other.message, at: at(other.path) })),
  })
}
