import { describe, expect, it } from 'vitest'
import { stripLive } from '../../../src/core/inject/server-managed-fields.ts'
import { SourceText } from '../../../src/core/text/source.ts'

function strip(text: string): string {
  return stripLive({ source: new SourceText('a.yaml', text), output: text, workloads: [] }).output
}

const LIVE = `  annotations:
    deployment.kubernetes.io/revision: "1"   # stays
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"apps/v1"}
  creationTimestamp: "2026-01-01T00:00:00Z"
  generation: 3
  managedFields:
  - apiVersion: apps/v1
    fieldsType: FieldsV1
  name: web
  resourceVersion: "12"
  selfLink: /x
  uid: 1-2
spec:
  uid: not ours   # a comment
status:
  replicas: 1
`
const BARE = `  annotations:
    deployment.kubernetes.io/revision: "1"   # stays
  name: web
spec:
  uid: not ours   # a comment
`
const HEAD = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n'

function item(text: string): string {
  return `- ${text.replaceAll('\n', '\n  ').slice(0, -2)}`
}

describe('stripLive', () => {
  it.each([
    ['an object', HEAD + LIVE, HEAD + BARE],
    ['several documents', `# one\n${HEAD}${LIVE}---\n${HEAD}${LIVE}`, `# one\n${HEAD}${BARE}---\n${HEAD}${BARE}`],
    [
      'a list',
      `apiVersion: v1\nitems:\n${item(HEAD + LIVE)}kind: List\nmetadata:\n  resourceVersion: ""\n`,
      `apiVersion: v1\nitems:\n${item(HEAD + BARE)}kind: List\n`,
    ],
    ['CRLF', (HEAD + LIVE).replaceAll('\n', '\r\n'), (HEAD + BARE).replaceAll('\n', '\r\n')],
    ['annotations that are only the cluster\'s',
      `${HEAD}  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: "{}"\n  name: web\n`, `${HEAD}  name: web\n`],
    ['a pod template', 'kind: Deployment\napiVersion: apps/v1\nspec:\n  template:\n    metadata:\n      creationTimestamp: null\n',
      'kind: Deployment\napiVersion: apps/v1\nspec:\n  template:\n    metadata:\n      creationTimestamp: null\n'],
    ['an alias', `${HEAD}  uid: &a x\n  name: web\n  labels: {x: *a}\n`, `${HEAD}  uid: &a x\n  name: web\n  labels: {x: *a}\n`],
  ])('of %s', (_, text, expected) => {
    expect(strip(text)).toBe(expected)
  })

  it('of JSON', () => {
    const live = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', uid: 'x' }, status: {} }
    const text = strip(`${JSON.stringify(live, undefined, 4)}\n`)
    expect(text).toBe(`${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }, undefined, 4)}\n`)
  })
})
