import { getOrMake } from '../../common/maps.ts'
import { emptyObject, isObject, type Json, type JsonObject } from '../../json/json.ts'

/** A CEL rule: an entry of `x-kubernetes-validations`. */
export interface CelRule {
  readonly rule: string
  readonly message: string
  readonly messageExpression: string
  readonly reason: string | undefined
  readonly fieldPath: string
  readonly optionalOldSelf: boolean
}

/**
 * One level of the schema of a CustomResourceDefinition. Levels are read when a value first needs them, as an object
 * uses few of the properties of a large schema. A keyword with a value of a wrong type counts as absent; the rules of
 * the definition report it.
 * Source: apiextensions-apiserver pkg/apis/apiextensions/v1 JSONSchemaProps.
 */
export class SchemaNode {
  readonly raw: JsonObject
  readonly nullable: boolean
  readonly intOrString: boolean
  readonly preservesUnknown: boolean
  readonly isEmbedded: boolean
  readonly #children = new Map<JsonObject, SchemaNode>()
  #lists: Partial<Record<'allOf' | 'anyOf' | 'oneOf', readonly SchemaNode[]>> = {}

  constructor(raw: JsonObject) {
    this.raw = raw
    this.nullable = raw['nullable'] === true
    this.intOrString = raw['x-kubernetes-int-or-string'] === true
    this.preservesUnknown = raw['x-kubernetes-preserve-unknown-fields'] === true
    this.isEmbedded = raw['x-kubernetes-embedded-resource'] === true
  }

  /** The allowed types of values; empty if any type is allowed. */
  get types(): readonly string[] {
    if (this.intOrString) return ['integer', 'string']
    return this.type === '' ? [] : [this.type]
  }

  get type(): string {
    return this.text('type')
  }

  get format(): string {
    return this.text('format')
  }

  get pattern(): string {
    return this.text('pattern')
  }

  get hasDefault(): boolean {
    return this.raw['default'] !== undefined && this.raw['default'] !== null
  }

  get properties(): JsonObject {
    const { properties } = this.raw
    return isObject(properties) ? properties : NONE
  }

  get required(): readonly string[] {
    return texts(this.raw['required'])
  }

  get enum(): readonly Json[] {
    const choices = this.raw['enum']
    return Array.isArray(choices) ? choices : []
  }

  get listType(): string {
    return this.text('x-kubernetes-list-type')
  }

  get listMapKeys(): readonly string[] {
    return texts(this.raw['x-kubernetes-list-map-keys'])
  }

  property(name: string): SchemaNode | undefined {
    const { properties } = this
    return Object.hasOwn(properties, name) ? this.#child(properties[name]) : undefined
  }

  get items(): SchemaNode | undefined {
    return this.#child(this.raw['items'])
  }

  /** The schema of fields that have no property; `true` and `false` as written, undefined if absent. */
  get additional(): SchemaNode | boolean | undefined {
    const { additionalProperties } = this.raw
    return typeof additionalProperties === 'boolean' ? additionalProperties : this.#child(additionalProperties)
  }

  get not(): SchemaNode | undefined {
    return this.#child(this.raw['not'])
  }

  list(keyword: 'allOf' | 'anyOf' | 'oneOf'): readonly SchemaNode[] {
    const known = this.#lists[keyword]
    if (known !== undefined) return known
    const value = this.raw[keyword]
    const nodes = Array.isArray(value) ? value.filter(isObject).map((one) => new SchemaNode(one)) : []
    this.#lists[keyword] = nodes
    return nodes
  }

  get rules(): readonly CelRule[] {
    const rules = this.raw['x-kubernetes-validations']
    return Array.isArray(rules) ? rules.filter(isObject).map(readRule) : []
  }

  number(keyword: string): number | undefined {
    const value = this.raw[keyword]
    return typeof value === 'number' ? value : undefined
  }

  is(keyword: string): boolean {
    return this.raw[keyword] === true
  }

  text(keyword: string): string {
    const value = this.raw[keyword]
    return typeof value === 'string' ? value : ''
  }

  #child(raw: Json | undefined): SchemaNode | undefined {
    if (!isObject(raw)) return undefined
    return getOrMake(this.#children, raw, () => new SchemaNode(raw))
  }
}

const NONE = emptyObject()

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function readRule(raw: JsonObject): CelRule {
  const text = (key: string): string => (typeof raw[key] === 'string' ? (raw[key] as string) : '')
  return {
    rule: text('rule'),
    message: text('message'),
    messageExpression: text('messageExpression'),
    reason: typeof raw['reason'] === 'string' ? raw['reason'] : undefined,
    fieldPath: text('fieldPath'),
    optionalOldSelf: raw['optionalOldSelf'] === true,
  }
}
