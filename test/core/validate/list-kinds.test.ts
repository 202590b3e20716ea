import { describe, expect, it } from 'vitest'
import { checkedKinds } from '../../../src/core/validate/list-kinds.ts'
import { KNOWN_MINORS } from '../../../src/core/kube/version.ts'
import { SCHEMA_ONLY } from '../../../src/core/validate/objects/kinds.ts'
import { loadSchema } from './support.ts'

const of = (minor: number) => checkedKinds({ minor }, loadSchema)

describe('built-in kinds', () => {
  it.each(KNOWN_MINORS)('of 1.%i: each has rules, or is named as one of which only the schema is checked', (minor) => {
    const without = of(minor).filter(({ checks }) => checks === 'schema only').map(({ apiVersion, kind }) => `${apiVersion}/${kind}`)
    expect(without.filter((name) => !SCHEMA_ONLY.has(name))).toEqual([])
  })

  it('are named as such only where they have no rules and are served', () => {
    const rows = KNOWN_MINORS.flatMap(of)
    for (const name of SCHEMA_ONLY) {
      const found = rows.filter(({ apiVersion, kind }) => `${apiVersion}/${kind}` === name)
      expect(found.length, name).toBeGreaterThan(0)
      expect(found.every(({ checks }) => checks === 'schema only'), name).toBe(true)
    }
  })

  it('are off by default as alpha and beta', () => {
    const rows = of(36)
    expect(rows.length).toBeGreaterThan(80)
    expect(rows.filter(({ byDefault }) => byDefault).every(({ apiVersion }) => /v\d+$/.test(apiVersion))).toBe(true)
    expect(rows).toContainEqual({ apiVersion: 'resource.k8s.io/v1beta1', kind: 'DeviceClass', byDefault: false, checks: 'rules' })
  })
})
