import { isStartPlace, START_PLACES } from '../core/field-path/item-place.ts'

/** What an option must be; `?` alone is never given, as every option may be absent. */
type FieldType = keyof typeof TESTS

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isFile = (value: unknown): boolean => isMap(value) && isText(value['name']) && isText(value['text'])
const isMode = (value: unknown): boolean => value === 'auto' || value === 'native' || value === 'classic'

const TESTS = {
  text: isText,
  flag: (value: unknown) => typeof value === 'boolean',
  names: (value: unknown) => Array.isArray(value) && value.every((name) => isText(name) && name !== ''),
  files: (value: unknown) => Array.isArray(value) && value.every(isFile),
  parameters: (value: unknown) => isMap(value) && Object.values(value).every(isMap) && isData(value),
  mode: (value: unknown) => isMode(value) || (isMap(value) && Object.values(value).every(isMode)),
  start: (value: unknown) => isStartPlace(value) || (isMap(value) && Object.values(value).every(isStartPlace)),
  policy: (value: unknown) => isText(value) || (isMap(value) && isData(value)),
  schemas: (value: unknown) => typeof value === 'function' || isMap(value),
  onConflict: (value: unknown) => value === 'fail' || value === 'rename' || value === 'keep',
  podSecurity: (value: unknown) => value === 'baseline' || value === 'restricted',
} as const

const WANTED: Record<FieldType, string> = {
  text: 'a string',
  flag: 'true or false',
  names: 'a list of names',
  files: 'a list of files, { name, text }',
  parameters: 'values by sidecar and parameter: { logging: { output: "forward" } }',
  mode: 'auto, native or classic, or one of them by sidecar',
  start: `${START_PLACES}, or one of them by sidecar`,
  policy: 'the text of a policy, a file, or data',
  schemas: 'parsed schemas by their path, or a function that gives them',
  onConflict: 'fail, rename or keep',
  podSecurity: 'baseline or restricted',
}

/** Whether a value can be written as JSON and read back: no cycles, functions, big integers, NaN. `undefined` is absent. */
function isData(value: unknown): boolean {
  try {
    return JSON.stringify(value, strict) !== undefined
  } catch {
    return false
  }
}

/** A replacer that throws for what JSON would drop or write as null. */
function strict(_: string, value: unknown): unknown {
  const isDropped = typeof value === 'function' || typeof value === 'symbol'
  if (isDropped || (typeof value === 'number' && !Number.isFinite(value))) throw new TypeError('not data')
  return value
}

type Fields = Readonly<Record<string, FieldType>>

export const COMMON_FIELDS = {
  kubernetesVersion: 'text',
  policy: 'policy',
  allowEmpty: 'flag',
  schemas: 'schemas',
} as const satisfies Fields

export const SIDECAR_FIELDS = {
  ...COMMON_FIELDS,
  sidecars: 'names',
  parameters: 'parameters',
  mode: 'mode',
  start: 'start',
  templates: 'files',
  builtins: 'files',
  onConflict: 'onConflict',
  namespace: 'text',
  selector: 'text',
  validate: 'flag',
  allowLowerPodSecurity: 'flag',
  includeOwned: 'flag',
  retargetServices: 'flag',
} as const satisfies Fields

export const EDIT_FIELDS = { ...SIDECAR_FIELDS, force: 'flag' } as const satisfies Fields

export const VALIDATE_FIELDS = {
  ...COMMON_FIELDS,
  strictKinds: 'flag',
  served: 'names',
  definitions: 'files',
  podSecurity: 'podSecurity',
} as const satisfies Fields

/** What is wrong with the form of options: unknown names, and values of the wrong type. */
export function optionProblems(
  options: unknown,
  fields: Readonly<Record<string, string>>,
): { message: string; unknown?: string }[] {
  if (!isMap(options)) return [{ message: 'the options must be a map' }]
  return Object.entries(options).flatMap(([name, value]) => {
    const type = Object.hasOwn(fields, name) ? (fields[name] as FieldType) : undefined
    if (type === undefined) return [{ message: `unknown option ${name}`, unknown: name }]
    return value === undefined || TESTS[type](value) ? [] : [{ message: `the option ${name} must be ${WANTED[type]}` }]
  })
}
