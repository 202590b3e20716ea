/** What is wrong with the names, values and versions in a policy, by the templates of the run. */
import { describe, expect, it } from 'vitest'
import { openCatalog } from '../../../src/core/selection/catalog.ts'
import { validatePolicy } from '../../../src/core/selection/validate-policy.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { policy, problemLine } from './support.ts'

const template = (name: string, version: string, parameters = '{}'): SourceText =>
  new SourceText(`${name}.yaml`, `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: ${name}, version: ${version}, description: A.}
spec:
  parameters: ${parameters}
  container: {image: a}
`)
const SHIP = template('ship', '1.2.0', '{level: {type: string, enum: [info, debug], default: info, description: How much is told.}, port: {type: integer, default: 1, description: Its port.}}')
/** One template of the user's own, and one of the release. */
const { catalog, diagnostics: wrong } = await openCatalog({
  templates: [SHIP],
  builtins: { names: ['logging'], read: (name) => (name === 'logging' ? template(name, '2.1.0') : undefined) },
})
if (wrong.length > 0) throw new Error(wrong.map((d) => d.message).join())

const NO_SHP = 'unknown sidecar "shp" | did you mean ship?'
const NO_LEVL = 'the sidecar ship has no parameter "levl" | did you mean level?'

describe('a policy is valid', () => {
  it.each([
    'allowPlaceholders: true',
    'rules: [{add: [ship, {name: logging}]}, {exclude: [ship]}, {exclude: all}]',
    'parameters: {ship: {level: debug, port: 2}}',
    'modes: {ship: native, logging: auto}',
    'rules: [{add: [{name: ship, parameters: {level: debug}}]}]',
    'versions: {ship: 1.2.0}',
    'versions: {ship: "1.2"}',
    'versions: {ship: "1", logging: "2"}',
  ])('%s', async (spec) => expect(validatePolicy(await policy(spec), catalog)).toEqual([]))
})

describe('a policy is invalid', () => {
  const restore = 'or restore the template from version control'
  const stay = (version: string) =>
    `or stay on ${version}: run \`sidecarctl templates export logging --to sidecars\` with the release that has it, and name that folder in spec.templates`
  it.each<[string, string[]]>([
    // Names of sidecars.
    ['rules: [{add: [shp]}]', [`SIDECAR_UNKNOWN at shp: ${NO_SHP}`]],
    ['rules: [{add: [{name: shp, mode: native}]}]', [`SIDECAR_UNKNOWN at shp: ${NO_SHP}`]],
    ['rules: [{exclude: [logging, shp]}]', [`SIDECAR_UNKNOWN at shp: ${NO_SHP}`]],
    ['rules: [{add: [shp]}, {exclude: [shp]}]', [`SIDECAR_UNKNOWN at shp: ${NO_SHP}`, `SIDECAR_UNKNOWN at shp: ${NO_SHP}`]],
    ['rules: [{add: &names [shp]}, {add: *names}]', [`SIDECAR_UNKNOWN at shp: ${NO_SHP}`]],
    ['modes: {shp: native}', [`SIDECAR_UNKNOWN at native: ${NO_SHP}`]],
    ['versions: {shp: "1"}', [`SIDECAR_UNKNOWN at "1": ${NO_SHP}`]],
    ['parameters: {shp: {level: debug}}', [`SIDECAR_UNKNOWN at shp: ${NO_SHP}`]],
    ['parameters: {shp: {level: debug, port: 2}}', [`SIDECAR_UNKNOWN at shp: ${NO_SHP}`]],
    ['parameters: {shp: {}}', [`SIDECAR_UNKNOWN at shp: ${NO_SHP}`]],
    ['rules: [{add: [elephant]}]', ['SIDECAR_UNKNOWN at elephant: unknown sidecar "elephant" | known names: logging, ship']],
    // Parameters and their values.
    ['parameters: {ship: {levl: debug}}', [`PARAM_UNKNOWN at debug: ${NO_LEVL}`]],
    ['rules: [{add: [{name: ship, parameters: {levl: debug}}]}]', [`PARAM_UNKNOWN at debug: ${NO_LEVL}`]],
    ['parameters: {logging: {levl: debug}}', ['PARAM_UNKNOWN at debug: the sidecar logging has no parameter "levl" | -']],
    ['parameters: {ship: {level: loud}}', ['PARAM_INVALID at loud: ship.level: "loud" is not one of info, debug | level: How much is told.']],
    ['parameters: {ship: {port: many}}', ['PARAM_INVALID at many: ship.port: "many" is not a whole number | port: Its port.']],
    ['rules: [{match: {names: [none]}, add: [{name: ship, parameters: {port: x}}]}]', ['PARAM_INVALID at x: ship.port: "x" is not a whole number | port: Its port.']],
    // Versions.
    ['versions: {ship: 1.2.1}', [`SIDECAR_VERSION at 1.2.1: sidecar "ship" is pinned to version 1.2.1, but your template is 1.2.0 | review what changes and pin 1.2.0, ${restore}`]],
    ['versions: {ship: "1.20"}', [`SIDECAR_VERSION at "1.20": sidecar "ship" is pinned to version 1.20, but your template is 1.2.0 | review what changes and pin 1.2.0, ${restore}`]],
    ['versions: {logging: "1"}', [`SIDECAR_VERSION at "1": sidecar "logging" is pinned to version 1, but this release of sidecarctl has 2.1.0 | review what changes and pin 2.1.0, ${stay('1')}`]],
    ['versions: {logging: "2.1.0", ship: "2"}', [`SIDECAR_VERSION at "2": sidecar "ship" is pinned to version 2, but your template is 1.2.0 | review what changes and pin 1.2.0, ${restore}`]],
  ])('%s', async (spec, expected) => {
    expect(validatePolicy(await policy(spec), catalog).map(problemLine)).toEqual(expected)
  })
})
