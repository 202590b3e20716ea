/** What annotations and labels say of sidecars, and what is wrong with them. */
import { describe, expect, it } from 'vitest'
import { objectsOf } from '../../../src/core/kube/objects.ts'
import { readAnnotations } from '../../../src/core/selection/annotations.ts'
import { openCatalog } from '../../../src/core/selection/catalog.ts'
import type { Level, Statement } from '../../../src/core/selection/selection.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments, type YamlDocument } from '../../../src/core/yaml/read/split.ts'

const template = (name: string, parameters: string): SourceText =>
  new SourceText(`${name}.yaml`, `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: ${name}, version: 1.0.0, description: A.}
spec:
  parameters: ${parameters}
  container: {image: a}
`)
const TEMPLATES = [
  template('ship', '{level: {type: string, enum: [info, debug], default: info, description: How much is told.}, port: {type: integer, default: 1, description: Its port.}}'),
  template('odd', '{mode: {type: string, default: a, description: M.}, start: {type: string, default: b, description: S.}}'),
]
const { catalog, diagnostics: wrong } = await openCatalog({ templates: TEMPLATES, builtins: { names: [], read: () => undefined } })

if (wrong.length > 0) throw new Error(wrong.map((d) => d.message).join())

/** A statement in one line: what it says, then each diagnostic with the text at its place and its hint. */
function said({ sidecars, values, modes, starts = [], overrides, containers, diagnostics }: Statement): string {
  const names = (list: readonly { name: string }[]): string => list.map(({ name }) => name).join(',') || 'none'
  return [
    ...(sidecars === undefined ? [] : [`${names(sidecars.picks)} by ${sidecars.origin.level} ${sidecars.origin.text}`]),
    ...values.map(({ template: of, name, value, origin, at }) => `${of}.${name}=${String(value)} by ${origin} at ${textAt(at)}`),
    ...modes.map(({ template: of, mode, from }) => `${of}:${mode} by ${from.text}`),
    ...starts.map(({ template: of, place, from }) => `${of}@${JSON.stringify(place)} by ${from.text}`),
    ...(overrides === undefined ? [] : [`overrides ${names(overrides)}`]),
    ...(containers === undefined ? [] : [`in ${names(containers)}`]),
    ...diagnostics.map(({ code, message, at, hint, resource, document }) =>
      [`${code} at ${textAt(at)} of ${resource?.kind} ${document}: ${message}`, ...(hint === undefined ? [] : [hint])].join(' | ')),
  ].join('; ')
}

function textAt(at: { source: SourceText; range: { start: number; end: number } } | undefined): string {
  return at === undefined ? 'nothing' : at.source.text.slice(at.range.start, at.range.end)
}

function read(map: 'annotations' | 'labels', text: string, level: Level = 'workload'): string {
  const source = new SourceText('a.yaml', `apiVersion: v1\nkind: Pod\nmetadata: {${map}: ${text}}\n`)
  const [object] = objectsOf(splitDocuments(source).flatMap((raw) => readRawDocument(raw))[0] as YamlDocument)
  if (object === undefined) throw new Error('no object')
  return said(readAnnotations({ object, metadata: ['metadata'], level }, catalog))
}

const P = 'sidecarctl.dev/'
const ALL = 'use names separated by commas, "true" or "false"; known names: odd, ship'

describe('annotations', () => {
  it.each<[string, string]>([
    ['null', ''],
    ['{a: b, sidecarctl.dev: c}', ''],
    [`{${P}injected: x, ${P}owned-by: y}`, ''],
    [`{${P}inject: ship}`, `ship by workload annotation ${P}inject`],
    [`{${P}inject: " ship , odd,ship"}`, `ship,odd by workload annotation ${P}inject`],
    [`{${P}inject: "false"}`, `none by workload annotation ${P}inject`],
    [`{${P}inject: "true"}`, ''],
    [`{${P}inject: shp}`, `none by workload annotation ${P}inject; ANNOTATION_UNKNOWN at shp of Pod 0: unknown sidecar "shp" | did you mean ship?`],
    [`{${P}inject: "ship,"}`, `ship by workload annotation ${P}inject; ANNOTATION_UNKNOWN at "ship," of Pod 0: empty sidecar name | ${ALL}`],
    [`{${P}inject: elephant}`, `none by workload annotation ${P}inject; ANNOTATION_UNKNOWN at elephant of Pod 0: unknown sidecar "elephant" | ${ALL}`],
    [`{${P}inject: true}`, `ANNOTATION_INVALID at true of Pod 0: the value of ${P}inject must be a string | put it in quotes: "true"`],
    [`{${P}inject: 1}`, `ANNOTATION_INVALID at 1 of Pod 0: the value of ${P}inject must be a string | put it in quotes: "1"`],
    [`{${P}inject: [ship]}`, `ANNOTATION_INVALID at ${P}inject of Pod 0: the value of ${P}inject must be a string | write a string in quotes`],
    [`{${P}override: "a, b,a"}`, 'overrides a,b'],
    [`{${P}override: "a,"}`, `overrides a; ANNOTATION_INVALID at "a," of Pod 0: empty container name | separate container names with commas`],
    [`{${P}containers: web}`, 'in web'],
    [`{${P}injekt: ship}`, `ANNOTATION_UNKNOWN at ${P}injekt of Pod 0: unknown sidecarctl annotation ${P}injekt | did you mean ${P}inject?`],
    [`{${P}elephant: ship}`, `ANNOTATION_UNKNOWN at ${P}elephant of Pod 0: unknown sidecarctl annotation ${P}elephant | known annotations: ${P}inject, ${P}override, ${P}containers and ${P}TEMPLATE.PARAMETER`],
    [`{${P}.level: info}`, `ANNOTATION_UNKNOWN at ${P}.level of Pod 0: unknown sidecar "" | known names: odd, ship`],
    [`{${P}shp.level: info}`, `ANNOTATION_UNKNOWN at ${P}shp.level of Pod 0: unknown sidecar "shp" | did you mean ship?`],
    [`{${P}ship.level: debug}`, `ship.level=debug by annotation ${P}ship.level at debug`],
    [`{${P}ship.level: loud}`, `ANNOTATION_INVALID at loud of Pod 0: ship.level: "loud" is not one of info, debug | level: How much is told.`],
    [`{${P}ship.port: many}`, 'ANNOTATION_INVALID at many of Pod 0: ship.port: "many" is not a whole number | port: Its port.'],
    [`{${P}ship.levl: info}`, `ANNOTATION_UNKNOWN at ${P}ship.levl of Pod 0: the sidecar ship has no parameter "levl" | did you mean level?`],
    [`{${P}ship.mode: classic}`, `ship:classic by annotation ${P}ship.mode`],
    [`{${P}ship.mode: loud}`, 'ANNOTATION_INVALID at loud of Pod 0: unknown mode "loud" | use one of: auto, classic, native'],
    [`{${P}ship.start: last}`, `ship@"last" by annotation ${P}ship.start`],
    [`{${P}ship.start: "a b"}`, 'ANNOTATION_INVALID at "a b" of Pod 0: "a b" is not a place among init containers | use first, last, before:NAME or after:NAME'],
    [`{${P}odd.mode: c, ${P}odd.start: d}`, `odd.mode=c by annotation ${P}odd.mode at c; odd.start=d by annotation ${P}odd.start at d`],
  ])('%s', (text, expected) => {
    expect(read('annotations', text)).toBe(expected)
  })

  it.each<[string, string]>([
    [`{${P}inject: ship}`, `ship by namespace annotation ${P}inject`],
    [`{${P}override: a}`, `ANNOTATION_UNKNOWN at ${P}override of Pod 0: unknown sidecarctl annotation ${P}override | write it on the workload or its pod template`],
  ])('of a Namespace: %s', (text, expected) => {
    expect(read('annotations', text, 'namespace')).toBe(expected)
  })
})

it.each<[string, string]>([
  [`{${P}inject: ship}`, `ship by workload label ${P}inject`],
  [`{${P}inject: "true"}`, ''],
  [`{${P}ship.level: info}`, `ANNOTATION_UNKNOWN at ${P}ship.level of Pod 0: unknown sidecarctl label ${P}ship.level | the only label is ${P}inject; use annotations for settings of sidecars`],
  [`{${P}inject: "false"}, annotations: {${P}inject: "true"}`, ''],
  [`{${P}inject: "true"}, annotations: {${P}inject: ship}`, `ship by workload annotation ${P}inject`],
])('labels: %s', (text, expected) => {
  expect(read('labels', text)).toBe(expected)
})
