import { describe, expect, it } from 'vitest'
import { explainLaterValues } from '../../../src/core/validate/filled-in-later.ts'
import type { Finding } from '../../../src/core/diagnostics/finding.ts'

const SOPS = { mac: 'ENC[AES256_GCM,data:x]', version: '3.9.0' }
const unknown: Finding = { code: 'FIELD_UNKNOWN', path: ['sops'], message: 'unknown field "sops"' }
const base64: Finding = { code: 'FIELD_FORMAT', path: ['data', 'a'], message: 'expected base64' }
const replicas: Finding = { code: 'FIELD_TYPE', path: ['spec', 'replicas'], message: 'expected integer' }

describe('values that are filled in later', () => {
  it('what SOPS encrypted is reported once, and not as an error', () => {
    const found = explainLaterValues({ data: { a: 'ENC[AES256_GCM,data:y]' }, sops: SOPS }, [base64, unknown])
    expect(found).toMatchObject([{ code: 'VALUE_NOT_CHECKED', path: ['sops'] }])
  })

  it('what is not encrypted in such an object is checked', () => {
    const found = explainLaterValues({ data: { a: '!' }, sops: SOPS }, [base64, unknown])
    expect(found).toMatchObject([base64, { code: 'VALUE_NOT_CHECKED' }])
  })

  it.each([['a text', 'x'], ['an empty map', {}], ['a list', []]])('a key sops with %s is an unknown field', (_, sops) => {
    expect(explainLaterValues({ sops }, [unknown])).toEqual([unknown])
  })

  it.each(['${n}', '${n:=1}', '${N:-2}', '${_n/a/b}'])('%s is named for what it is', (text) => {
    const [found] = explainLaterValues({ spec: { replicas: text } }, [replicas])
    expect(found?.message).toBe('expected integer, a placeholder of Flux or envsubst')
    expect(found?.hint).toMatch(/^substitute it first/)
  })

  it.each(['$n', '${n', '${1}', '${{ n }}', 'a ${n}', 'three'])('%s is a value of the wrong type', (text) => {
    expect(explainLaterValues({ spec: { replicas: text } }, [replicas])).toEqual([replicas])
  })
})
