import { describe, expect, it } from 'vitest'
import { put, templates } from '../inject/run.ts'

const pod = (name: string, annotation = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n${annotation}spec:\n  containers: [{name: app, image: "a:1"}]\n`
const tail = templates({ tail: 'parameters: {lines: {type: integer, required: true, description: Lines.}}\ncontainer: {image: "t:1", args: ["${{ params.lines }}"]}' })

async function told(texts: readonly string[]): Promise<string[]> {
  const { diagnostics } = await put(texts.join('---\n'), tail)
  return diagnostics.map(({ code, resource, message, related = [] }) => {
    const others = related.filter(({ isBrief }) => isBrief).map((one) => `; ${one.message}`)
    return `${code} ${resource?.name}: ${message}${others.join('')}`
  })
}

describe('what is wrong with a template or its values', () => {
  it('is told once for all workloads that get it', async () => {
    const required = 'the template tail requires a value for lines (Lines)'
    expect(await told([pod('a')])).toEqual([`PARAM_REQUIRED a: ${required}`])
    expect(await told([pod('a'), pod('b')])).toEqual([`PARAM_REQUIRED a: ${required}; Pod b requires it too`])
    expect(await told([pod('a'), pod('b'), pod('c')])).toEqual([`PARAM_REQUIRED a: ${required}; Pod b requires it too; Pod c requires it too`])
  })

  it('is told for each that asks for it itself', async () => {
    const own = '  annotations: {sidecarctl.dev/tail.lines: many}\n'
    expect(await told([pod('a', own), pod('b', own)])).toEqual([
      'ANNOTATION_INVALID a: tail.lines: "many" is not a whole number', 'ANNOTATION_INVALID b: tail.lines: "many" is not a whole number',
    ])
  })
})
