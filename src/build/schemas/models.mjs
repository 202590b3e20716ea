import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Reads the generated models of one @kubernetes/client-node release as text; nothing of it is executed.
 *
 * A definition is `{ fields: { NAME: TYPE }, required: [NAME] }`. A type is one of the words below, the name of
 * another definition, or either with a `[]` (list of) or `{}` (map of) before it:
 * string, bool, int32, int64, double, time (date-time), microtime, bytes (base64), quantity, intstr
 * (integer or string), any (free-form JSON).
 */

const SCALARS = {
  'string|': 'string',
  'string|byte': 'bytes',
  'boolean|': 'bool',
  'number|int32': 'int32',
  'number|int64': 'int64',
  'number|double': 'double',
  'Date|date-time': 'time',
  'V1MicroTime|date-time-micro': 'microtime',
  'Date|date-time-micro': 'microtime',
  'IntOrString|int-or-string': 'intstr',
  'any|': 'any',
}

/** The words for types that are not names of definitions. */
export const SCALAR_TYPES = new Set([...Object.values(SCALARS), 'quantity'])

function readType(type, format, where) {
  const list = /^(?:Array|Set)<(.*)>$/s.exec(type)
  if (list) return `[]${readType(list[1], format, where)}`
  const map = /^\{ \[key: string\]: (.*); \}$/s.exec(type)
  if (map) return `{}${readType(map[1], format, where)}`
  const scalar = SCALARS[`${type}|${format}`]
  if (scalar) return scalar
  if (type === 'object') return 'any'
  if (/^[A-Z]\w*$/.test(type) && format === '') return type
  throw new Error(`${where}: no rule for type ${type} with format "${format}"`)
}

/** The names of the models that this release's own OpenAPI document has; model files of older ones stay behind. */
export function currentModels(packageDir) {
  const text = readFileSync(join(packageDir, 'dist/gen/models/ObjectSerializer.js'), 'utf8')
  return [...text.matchAll(/^export \* from '\.\.\/models\/(\w+)\.js';/gm)].map((m) => m[1])
}

/** The Kubernetes version that a release says it was generated from, such as `v1.34.0` or `release-1.36`. */
export function statedVersion(packageDir) {
  const text = readFileSync(join(packageDir, 'dist/gen/models/V1PodSpec.js'), 'utf8')
  const match = /OpenAPI spec version: (\S+)/.exec(text)
  if (!match) throw new Error(`${packageDir} does not say which Kubernetes version it is made from`)
  return match[1]
}

/** Fields of a type declaration that are not optional; an index signature inside a type is not a field. */
function requiredFields(declaration) {
  return new Set([...declaration.matchAll(/^ {4}'([^']+)'(\??): /gm)].filter((m) => m[2] === '').map((m) => m[1]))
}

/** Reads one model: its attribute table for names and types, its declaration for what is required. */
export function readModel(packageDir, name) {
  const base = join(packageDir, 'dist/gen/models', name)
  const code = readFileSync(`${base}.js`, 'utf8')
  const start = code.indexOf('attributeTypeMap = [')
  const end = code.indexOf('];', start)
  if (start < 0 || end < 0) throw new Error(`${base}.js has no attribute table`)
  const attributes = JSON.parse(code.slice(start + 'attributeTypeMap = '.length, end + 1))
  const marked = requiredFields(readFileSync(`${base}.d.ts`, 'utf8'))
  const fields = {}
  const required = []
  for (const { name: property, baseName, type, format } of attributes) {
    fields[baseName] = readType(type, format, `${name}.${baseName}`)
    if (marked.has(property)) required.push(baseName)
  }
  return { fields, required }
}

/** Reads every current model of a release. */
export function readModels(packageDir) {
  return Object.fromEntries(currentModels(packageDir).map((name) => [name, readModel(packageDir, name)]))
}
