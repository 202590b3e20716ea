import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildSchemas, makeSchemas } from '../../src/build/schemas/index.mjs'
import { readMinors } from '../../src/build/schemas/read.mjs'
import { openSchema } from '../../src/core/schema/kube-schema.ts'
import { KNOWN_MINORS } from '../../src/core/kube/version.ts'

/**
 * Figures and digests of the official OpenAPI documents (api/openapi-spec/swagger.json of the release-1.N branches).
 * `shape` covers every definition's field names, types and required list, `served` every kind that can be created or
 * listed with its plural and scope; the text that is digested is made by the functions below.
 */
const OFFICIAL = [
  { minor: 31, definitions: 622, fields: 2585, kinds: 80, shape: '2193ffe12a356953', served: 'ef5625ba0d2edf74' },
  { minor: 32, definitions: 625, fields: 2601, kinds: 80, shape: 'e2569d9b604cb42c', served: '0762cdedcc816f97' },
  { minor: 33, definitions: 694, fields: 2868, kinds: 88, shape: 'a5455bc346bf1ef3', served: '43c5d3bb601dd8be' },
  { minor: 34, definitions: 717, fields: 2990, kinds: 90, shape: '08d682b5a182a17a', served: '7d64e57c16c2912c' },
  { minor: 35, definitions: 721, fields: 3002, kinds: 90, shape: 'cba719615ef4a87b', served: 'f5c5edcf3354a7fb' },
  { minor: 36, definitions: 757, fields: 3137, kinds: 95, shape: 'c7b125195409a140', served: 'de6c439b0e8e449e' },
]

const digest = (lines: string[]) => createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 16)

const minors = await readMinors()
const files = await makeSchemas()

interface Part {
  kinds: Record<string, [definition: string, plural: string, scope: string]>
  definitions: Record<string, string>
}

function whole(minor: number): Part {
  const [common, other] = ['common', 'other'].map((name) => files[`1.${minor}/${name}.json`] as Part)
  return {
    kinds: { ...common!.kinds, ...other!.kinds },
    definitions: { ...common!.definitions, ...other!.definitions },
  }
}

const schemaOf = (minor: number) => openSchema({ minor }, (file) => files[file])

describe('models read from client-node against the official OpenAPI documents', () => {
  it('covers every known minor', () => {
    expect(minors.map(({ minor }) => minor)).toEqual([...KNOWN_MINORS])
  })

  it.each(OFFICIAL)('1.$minor: the same definitions, field types and required lists', (official) => {
    const { definitions } = minors.find(({ minor }) => minor === official.minor)!
    const fields = Object.entries(definitions).flatMap(([name, definition]) =>
      Object.entries(definition.fields).map(([field, type]) => `${name}.${field} ${type}`),
    )
    const required = Object.entries(definitions).map(
      ([name, definition]) => `${name} ${definition.required.toSorted().join(',')}`,
    )
    expect(required).toHaveLength(official.definitions)
    expect(fields).toHaveLength(official.fields)
    expect(digest([...required, ...fields])).toBe(official.shape)
  })

  it.each(OFFICIAL)('1.$minor: the same kinds, plurals and scopes', (official) => {
    const { kinds } = minors.find(({ minor }) => minor === official.minor)!
    const lines = Object.entries(kinds)
      .filter(([, { list }]) => !list)
      .map(([key, { plural, namespaced }]) => `${key} ${plural} ${namespaced ? 'namespaced' : 'cluster'}`)
    expect(lines).toHaveLength(official.kinds)
    expect(digest(lines)).toBe(official.served)
  })
})

describe('generated files', () => {
  it.each(minors)('1.$minor: every served kind with its whole definition', ({ minor, kinds, definitions }) => {
    const made = whole(minor)
    expect(Object.keys(made.kinds).sort()).toEqual(Object.keys(kinds).sort())
    const schema = schemaOf(minor)
    for (const name of Object.keys(made.definitions)) {
      const [fields, required] = schema.definition(name)!
      expect({ fields: Object.fromEntries(fields), required }).toEqual(definitions[name])
    }
    const missing = Object.values(made.kinds).filter(([definition]) => made.definitions[definition] === undefined)
    expect(missing).toEqual([])
  })

  it.each([
    ['V1Container', 'name', 'string', true],
    ['V1Container', 'env', '[]V1EnvVar', false],
    ['V1ContainerPort', 'containerPort', 'int32', true],
    ['V1ContainerPort', 'hostPort', 'int32', false],
    ['V1HTTPGetAction', 'port', 'intstr', true],
    ['V1ResourceRequirements', 'limits', '{}quantity', false],
    ['V1EmptyDirVolumeSource', 'sizeLimit', 'quantity', false],
    ['V1Secret', 'data', '{}bytes', false],
    ['V1ObjectMeta', 'creationTimestamp', 'time', false],
    ['V1LeaseSpec', 'renewTime', 'microtime', false],
    ['V1PodSpec', 'activeDeadlineSeconds', 'int64', false],
    ['V1ControllerRevision', 'data', 'any', false],
    ['V1PolicyRule', 'verbs', '[]string', true],
    ['V1JSONSchemaProps', 'multipleOf', 'double', false],
  ])('%s.%s is %s in every minor', (name, field, type, required) => {
    for (const minor of KNOWN_MINORS) {
      const definition = schemaOf(minor).definition(name)!
      expect(definition[0].get(field)).toBe(type)
      expect(definition[1].includes(field)).toBe(required)
    }
  })

  it.each([
    ['V1PodSpec', 'resources', [32, 33, 34, 35, 36]],
    ['V1PodSecurityContext', 'seLinuxChangePolicy', [32, 33, 34, 35, 36]],
    ['V1Lifecycle', 'stopSignal', [33, 34, 35, 36]],
    ['V1PodSpec', 'hostnameOverride', [34, 35, 36]],
    ['V1PodSpec', 'workloadRef', [35]],
    ['V1PodSpec', 'schedulingGroup', [36]],
    ['V1Volume', 'image', [31, 32, 33, 34, 35, 36]],
  ])('%s.%s is in %j only', (name, field, expected) => {
    const having = KNOWN_MINORS.filter((minor) => schemaOf(minor).definition(name)![0].has(field))
    expect(having).toEqual(expected)
  })

  it('keeps the common part small', () => {
    for (const minor of KNOWN_MINORS) {
      expect(JSON.stringify(files[`1.${minor}/common.json`]).length).toBeLessThan(40_000)
    }
  })
})

describe('buildSchemas', () => {
  it('writes every file once, and again only when its inputs change', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'schemas-'))
    try {
      expect(await buildSchemas(dir)).toBe(true)
      const written = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
      expect(written.sort()).toEqual(
        Object.keys(files)
          .map((name) => join(name))
          .sort(),
      )
      const before = statSync(join(dir, 'history.json')).mtimeMs
      expect(await buildSchemas(dir)).toBe(false)
      expect(statSync(join(dir, 'history.json')).mtimeMs).toBe(before)
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})
