import { splitApiVersion } from '../kube/kinds.ts'
import { servedKinds, type KindRow } from './served-kinds.ts'
import type { KubeVersion } from '../kube/version.ts'
import { openSchema, type SchemaLoader } from '../schema/kube-schema.ts'
import { kindRules } from './objects/kinds.ts'

/** A built-in kind and what is validated in its objects. */
export interface CheckedKind extends KindRow {
  /** `rules`: schema, metadata and the kind's own validation; `schema only`: schema and metadata. */
  readonly checks: 'rules' | 'schema only'
}

/** The kinds of a version, with what is validated in each. */
export function checkedKinds(version: KubeVersion, loadSchema: SchemaLoader): CheckedKind[] {
  return servedKinds(openSchema(version, loadSchema)).map(({ apiVersion, kind, byDefault }) => {
    const { group, version: name } = splitApiVersion(apiVersion)
    return { apiVersion, kind, byDefault, checks: kindRules(group, name, kind) === undefined ? 'schema only' : 'rules' }
  })
}
