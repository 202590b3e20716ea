import type { Finding } from '../../diagnostics/finding.ts'
import type { SchemaNode } from '../../schema/custom/schema-node.ts'
import type { DeclaredType } from '../checker/checked-type.ts'
import { limitOf, MAX_REQUEST_BYTES } from './declared-type.ts'
import { plus, times } from './sizes.ts'

/**
 * The most that one expression may cost, and all of one version together, in units of CEL.
 * Source: apiextensions validation.go.
 */
const EXPRESSION_LIMIT = 10_000_000n
const TOTAL_LIMIT = 100_000_000n

/** The most expressions named if they cost too much together; those below a hundredth of the limit are not named. */
const NAMED = 4

type Path = readonly (string | number)[]

/**
 * How many values of a schema one object can have, by the limits of the lists and maps around it; undefined if one of
 * these has no limit.
 */
export type Cardinality = bigint | undefined

/** The cardinality of the parts of a schema. Source: apiextensions validation cel_validation.go extractMaxElements. */
export function innerCardinality(schema: SchemaNode, outer: Cardinality): Cardinality {
  const limit = partsPerValue(schema)
  return outer === undefined || limit === undefined ? undefined : times(outer, limit)
}

function partsPerValue(schema: SchemaNode): Cardinality {
  if (schema.type === 'array') return limitOf(schema.number('maxItems'))
  return schema.type === 'object' && schema.additional !== undefined ? limitOf(schema.number('maxProperties')) : 1n
}

/**
 * Sums up the costs of the expressions in one version of a definition, and reports those that are too high.
 * Source: apiextensions validation ValidateCustomResourceDefinitionOpenAPISchema, cel_validation.go TotalCost.
 */
export class CostBudget {
  #total = 0n
  readonly #expensive: { readonly path: Path; readonly cost: bigint }[] = []

  /** Adds a rule, which costs its estimate for each value that it can be evaluated on. */
  rule(path: Path, estimate: bigint, type: DeclaredType, cardinality: Cardinality): Finding[] {
    // Without a limit, as many values as fit into a request with a comma after each.
    const most = cardinality ?? BigInt(MAX_REQUEST_BYTES) / (type.minSerializedSize + 1n)
    return this.#add(path, times(estimate, most), 'estimated rule cost')
  }

  /** Adds a messageExpression, which is evaluated once. */
  message(path: Path, estimate: bigint): Finding[] {
    return this.#add(path, estimate, 'estimated messageExpression cost')
  }

  /** Findings if the sum is too high; `schema` is the path of the version's schema. */
  total(schema: Path): Finding[] {
    if (this.#total <= TOTAL_LIMIT) return []
    const detail = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'
    return [
      ...this.#expensive
        .toSorted((a, b) => Number(b.cost > a.cost) - Number(b.cost < a.cost))
        .slice(0, NAMED)
        .map(({ path }) => forbidden(path, detail)),
      forbidden(
        schema,
        tooMuch(
          'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema',
          this.#total,
          TOTAL_LIMIT,
        ),
      ),
    ]
  }

  #add(path: Path, cost: bigint, what: string): Finding[] {
    this.#total = plus(this.#total, cost)
    if (cost >= TOTAL_LIMIT / 100n) this.#expensive.push({ path, cost })
    return cost > EXPRESSION_LIMIT ? [forbidden(path, tooMuch(what, cost, EXPRESSION_LIMIT))] : []
  }
}

function forbidden(path: Path, detail: string): Finding {
  return { code: 'CRD_FIELD', path, message: `Forbidden: ${detail}` }
}

function tooMuch(what: string, cost: bigint, limit: bigint): string {
  return `${what} exceeds budget by factor of ${factor(Number(cost) / Number(limit))} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`
}

function factor(factor: number): string {
  if (factor > 100) return 'more than 100x'
  return `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`
}
