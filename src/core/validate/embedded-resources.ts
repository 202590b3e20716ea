import { isObject, type JsonObject } from '../json/json.ts'
import { dns1035Label, dns1123Label } from '../kube/names.ts'
import type { KubeVersion } from '../kube/version.ts'
import { Field } from './objects/field.ts'
import { annotations } from './objects/metadata/annotations.ts'
import { labels } from './objects/metadata/labels.ts'
import { pathSegment } from './objects/metadata/names.ts'
import { finalizers, ownerReferences } from './objects/metadata/owners.ts'
import type { Finding } from '../diagnostics/finding.ts'
import type { SchemaNode } from '../schema/custom/schema-node.ts'

/**
 * Findings on apiVersion, kind and metadata of the resources embedded in an object (`x-kubernetes-embedded-resource`).
 * Source: apiextensions-apiserver pkg/apiserver/schema/objectmeta Validate.
 */
export function embeddedResourceFindings(schema: SchemaNode, data: JsonObject, kubeVersion: KubeVersion): Finding[] {
  const findings: Finding[] = []
  const report = (finding: Finding): void => void findings.push(finding)
  const ctx = { data, group: '', version: '', kind: '', isNamespaced: false, kubeVersion, report }
  visit(Field.root(ctx), schema, 0)
  return findings
}

const MAX_DEPTH = 1000

function visit(field: Field, schema: SchemaNode, depth: number): void {
  if (depth > MAX_DEPTH) return
  if (Array.isArray(field.value)) {
    const { items } = schema
    if (items !== undefined)
      for (const item of field.items()) if (typeof item.value === 'object') visit(item, items, depth + 1)
  } else if (isObject(field.value)) {
    if (schema.isEmbedded) embeddedResource(field)
    const { additional } = schema
    for (const [key, value] of field.entries()) {
      if (typeof value.value !== 'object') continue
      const below = schema.property(key) ?? additional
      if (below !== undefined && typeof below !== 'boolean') visit(value, below, depth + 1)
    }
  }
}

const CODE = 'FIELD_RULE'

function embeddedResource(resource: Field): void {
  const [apiVersion, kind] = [resource.get('apiVersion'), resource.get('kind')]
  for (const field of [apiVersion, kind]) {
    if (!field.present) field.required('FIELD_REQUIRED')
    else if (field.text === '') field.invalid(CODE, 'must not be empty')
  }
  if ((apiVersion.text?.split('/').length ?? 0) > 2) apiVersion.invalid(CODE, 'unexpected GroupVersion string')
  const faults = kind.empty || kind.text === undefined ? [] : dns1035Label(kind.text.toLowerCase())
  if (faults.length > 0) kind.invalid(CODE, `may have mixed case, but should otherwise match: ${faults.join('; ')}`)
  const metadata = resource.get('metadata')
  for (const key of ['name', 'generateName']) metadata.get(key).format('METADATA_NAME', pathSegment)
  metadata.get('namespace').format('METADATA_NAMESPACE', dns1123Label)
  labels(metadata.get('labels'))
  annotations(metadata.get('annotations'))
  ownerReferences(metadata.get('ownerReferences'))
  finalizers(metadata.get('finalizers'))
}
