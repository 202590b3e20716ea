/** What the command line says of sidecars, and what a workload gets where nothing else says anything. */
import { describe, expect, it } from 'vitest'
import { objectsOf } from '../../../src/core/kube/objects.ts'
import { WORKLOAD_KINDS } from '../../../src/core/kube/kinds.ts'
import { asWorkloads } from '../../../src/core/kube/workload.ts'
import type { ItemPlace } from '../../../src/core/field-path/item-place.ts'
import { openCatalog } from '../../../src/core/selection/catalog.ts'
import type { SelectionOptions } from '../../../src/core/selection/selection-options.ts'
import type { Selection, Statement } from '../../../src/core/selection/selection.ts'
import { createSelector, flagStatement, unusedSettings } from '../../../src/core/selection/selector.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments } from '../../../src/core/yaml/read/split.ts'

const template = (name: string, more = ''): SourceText =>
  new SourceText(`${name}.yaml`, `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: ${name}, version: 1.0.0, description: A.}
spec:
  container: {image: a}
${more}`)
const TEMPLATES = ['logging', 'metrics', 'ship'].map((name) => template(name, name === 'ship' ? '  start: last\n' : ''))
const { catalog, diagnostics: wrong } = await openCatalog({ templates: TEMPLATES, builtins: { names: [], read: () => undefined } })
if (wrong.length > 0) throw new Error(wrong.map((d) => d.message).join())

const options = (given: Partial<SelectionOptions>): SelectionOptions => ({ parameters: [], ...given }) as SelectionOptions
const set = (of: string, value: string) => ({ template: of, name: 'level', value })
const starts = (of: string, place: ItemPlace): ReadonlyMap<string, ItemPlace> => new Map([[of, place]])
const names = (list: readonly { name: string }[]): string => list.map(({ name }) => name).join(',') || 'none'

/** A statement of flags in one line. */
function said({ sidecars, values, modes, starts: places = [], containers, diagnostics }: Statement): string {
  return [
    ...(sidecars === undefined ? [] : [`${names(sidecars.picks)} by ${sidecars.origin.level} ${sidecars.origin.text}`]),
    ...values.map(({ template: of, name, value, origin, from }) => `${of}.${name}=${String(value)} by ${from.level} ${from.text}${origin === from.text ? '' : ` not ${origin}`}`),
    ...modes.map(({ template: of, mode, from }) => `${of}:${mode} by ${from.level} ${from.text}`),
    ...places.map(({ template: of, place, from }) => `${of}@${JSON.stringify(place)} by ${from.level} ${from.text}`),
    ...(containers === undefined ? [] : [`in ${names(containers)} by ${containers[0]?.origin.level} ${containers[0]?.origin.text}`]),
    ...diagnostics.map(({ code, message, hint = '-' }) => `${code}: ${message} | ${hint}`),
  ].join('; ')
}

describe('flags', () => {
  it.each<[string, Partial<SelectionOptions>, string]>([
    ['none', {}, ''],
    ['no sidecar', { sidecars: [] }, 'none by flag --sidecar'],
    ['sidecars', { sidecars: ['ship', 'logging', 'ship'] }, 'ship,logging by flag --sidecar'],
    ['a misspelt sidecar', { sidecars: ['shp', 'ship'] }, 'ship by flag --sidecar; SIDECAR_UNKNOWN: unknown sidecar "shp" | did you mean ship?'],
    ['an unknown sidecar', { sidecars: ['elephant'] }, 'none by flag --sidecar; SIDECAR_UNKNOWN: unknown sidecar "elephant" | known names: logging, metrics, ship'],
    ['values', { parameters: [set('ship', '1'), { ...set('logging', '2'), origin: 'values.yaml' }] }, 'ship.level=1 by flag --set ship.level; logging.level=2 by flag values.yaml'],
    ['a value for an unknown sidecar', { parameters: [set('shp', '1')] }, 'shp.level=1 by flag --set shp.level; SIDECAR_UNKNOWN: --set shp.level: unknown sidecar "shp" | did you mean ship?'],
    ['a mode for all', { modes: new Map([['', 'classic']]) }, ['logging', 'metrics', 'ship'].map((of) => `${of}:classic by flag --mode classic`).join('; ')],
    ['a mode for one', { modes: new Map([['ship', 'native']]) }, 'ship:native by flag --mode ship=native'],
    ['modes for one and all others', { modes: new Map([['ship', 'native'], ['', 'auto']]) }, 'logging:auto by flag --mode auto; metrics:auto by flag --mode auto; ship:native by flag --mode ship=native'],
    ['no modes', { modes: new Map() }, ''],
    ['a mode for an unknown sidecar', { modes: new Map([['shp', 'native']]) }, 'SIDECAR_UNKNOWN: --mode shp=native: unknown sidecar "shp" | did you mean ship?'],
    ['a start', { starts: starts('ship', 'first') }, 'ship@"first" by flag --start ship=first'],
    ['a start for an unknown sidecar', { starts: starts('shp', 'first') }, 'SIDECAR_UNKNOWN: --start shp=first: unknown sidecar "shp" | did you mean ship?'],
    ['containers', { containers: ['web', 'db'] }, 'in web,db by flag --containers'],
  ])('%s', (_, given, expected) => {
    expect(said(flagStatement(options(given), catalog))).toBe(expected)
  })

  it.each<[string, Partial<SelectionOptions>, string[], string[]]>([
    ['for the default sidecar', { parameters: [set('logging', '1')] }, [], []],
    ['for another, twice', { parameters: [set('ship', '1'), set('ship', '2')] }, [], ['--set ship.level']],
    ['for a sidecar that a workload got', { parameters: [set('ship', '1'), set('logging', '1')] }, ['ship'], ['--set logging.level']],
    ['for one that a flag names', { sidecars: ['ship'], parameters: [set('ship', '1'), set('metrics', '1')] }, [], ['--set metrics.level']],
    ['for one, by its mode', { sidecars: ['ship'], modes: new Map([['', 'native'], ['ship', 'native'], ['metrics', 'native']]) }, [], ['--mode metrics=native']],
    ['for one, by its place', { sidecars: ['ship'], starts: new Map([['', 'last'], ['metrics', 'last']]) }, [], ['--start metrics=last']],
    ['for an unknown one', { parameters: [set('elephant', '1')] }, [], []],
  ])('set values %s', (_, given, used, expected) => {
    const found = unusedSettings(options(given), catalog, new Set(used))
    expect(found.map(({ code, message, hint }) => [code, message, hint])).toEqual(
      expected.map((flag) => {
        const name = /^--\w+ (\w+)/.exec(flag)?.[1]
        return ['PARAM_UNKNOWN', `${flag}: sidecar "${name}" is not selected`, `select it with --sidecar ${name}`]
      }),
    )
  })
})

const RECORD = '{"version":"1","own":{"spec.containers[ship]":"a4aeb696"}}'
const POD = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n`
const INJECTED = POD.replace('name: a}', `name: a, annotations: {injected.sidecarctl.dev/ship: '${RECORD}'}}`)

/** What workloads of one input get, each in a line. */
function selected(text: string, given: Partial<SelectionOptions>, own?: readonly string[]): string[] {
  const source = new SourceText('a.yaml', text)
  const namespaces = new SourceText('ns.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: default, annotations: {sidecarctl.dev/inject: shp}}\n')
  const { selector, diagnostics } = createSelector(own === undefined ? [source] : [source, namespaces], catalog, options(given), own && new Set(own.includes('ns.yaml') ? [source, namespaces] : [source]))
  const lines = splitDocuments(source).flatMap((raw) => readRawDocument(raw)).flatMap((doc) => ('error' in doc ? [] : objectsOf(doc)))
    .flatMap((object) => asWorkloads(object, WORKLOAD_KINDS)).map((workload) => line(selector.select(workload)))
  return [...lines, `used ${[...selector.used].join(',') || 'none'}`, ...diagnostics.map(({ code }) => code)]
}

function line({ chosen, overrides, containers, origin, exclusive, reason, isRefused, diagnostics }: Selection): string {
  return [
    chosen.map(({ template: { name }, origin: from, values, mode, start }) =>
      [`${name} by ${from.text}`, ...values.map(({ value }) => String(value)), ...(mode === undefined ? [] : [mode.mode]), ...(start === undefined ? [] : [`${JSON.stringify(start.place)} by ${start.from.level} ${start.from.text} in ${start.from.at?.source.label}`])].join(' ')).join(', ') || 'none',
    `as ${origin.level} ${origin.text}`,
    ...(exclusive ? ['alone'] : []), ...(reason === undefined ? [] : [reason]), ...(isRefused === true ? ['refused'] : []),
    ...(overrides.length === 0 ? [] : [`overrides ${names(overrides)}`]), ...(containers === undefined ? [] : [`in ${names(containers)}`]),
    ...diagnostics.map(({ code }) => code),
  ].join('; ')
}

const annotated = (text: string): string => POD.replace('name: a}', `name: a, annotations: {${text}}}`)

describe('a workload gets', () => {
  it.each<[string, string, Partial<SelectionOptions>, string[]]>([
    ['the default', POD, {}, ['logging by the built-in default; as default the built-in default', 'used logging']],
    ['nothing where that is refused', POD, { whenUnchosen: 'refuse' }, ['none; as default nothing, as no sidecar is selected; no-sidecars; refused', 'used none']],
    ['what it has', INJECTED, { whenUnchosen: 'injected' }, [expect.stringMatching(/^ship by the record of what is injected "last" by default the template in ship.yaml; as default the record of what is injected$/), 'used ship'] as string[]],
    ['nothing where it has none', POD, { whenUnchosen: 'injected' }, ['none; as default the record of what is injected; not-injected', 'used none']],
    ['what its record says, each its own', `${INJECTED}---\n${POD}`, { whenUnchosen: 'injected' }, [expect.stringMatching(/^ship by the record/), 'none; as default the record of what is injected; not-injected', 'used ship'] as string[]],
    ['what flags say', POD, { sidecars: ['ship'], starts: starts('ship', 'first'), modes: new Map([['ship', 'native']]), parameters: [set('ship', '1'), set('logging', '2')], containers: ['a'] },
      ['ship by --sidecar 1 native "first" by flag --start ship=first in undefined; as flag --sidecar; in a', 'used ship']],
    ['what its annotations say', annotated('sidecarctl.dev/inject: "metrics,ship", sidecarctl.dev/override: b'), {},
      ['metrics by annotation sidecarctl.dev/inject, ship by annotation sidecarctl.dev/inject "last" by default the template in ship.yaml; as pod-template annotation sidecarctl.dev/inject; alone; overrides b', 'used metrics,ship']],
    ['nothing where it opts out', annotated('sidecarctl.dev/inject: "false"'), {}, ['none; as pod-template annotation sidecarctl.dev/inject; alone; opted-out', 'used none']],
    ['its own and not that of the one before', `${annotated('sidecarctl.dev/inject: "false"')}---\n${POD}---\n${annotated('sidecarctl.dev/inject: ship')}`, {},
      ['none; as pod-template annotation sidecarctl.dev/inject; alone; opted-out', 'logging by the built-in default; as default the built-in default', 'ship by annotation sidecarctl.dev/inject "last" by default the template in ship.yaml; as pod-template annotation sidecarctl.dev/inject; alone', 'used logging,ship']],
  ])('%s', (_, text, given, expected) => {
    expect(selected(text, given)).toEqual(expected)
  })

  it.each<[string, string[], string[]]>([
    ['once for the run, from an input that is worked on', ['ns.yaml'], ['', 'used none', 'ANNOTATION_UNKNOWN']],
    ['for the workload, from another', [], ['; ANNOTATION_UNKNOWN', 'used none']],
  ])('what its Namespace says, whose errors are told %s', (_, own, [errors, ...more]) => {
    expect(selected(POD, {}, own)).toEqual([`none; as namespace annotation sidecarctl.dev/inject; alone; opted-out${errors}`, ...more])
  })
})
