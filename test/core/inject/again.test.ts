import { describe, expect, it } from 'vitest'
import { findings, output, put, take, templates } from './run.ts'

const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: app\n      image: a\n'

/** What a sidecar's container becomes when its template changes from one `container` to another, after an edit by hand. */
async function again(one: string, two: string, edit: (text: string) => string, text = POD): Promise<string> {
  const first = output(await put(text, templates({ tail: `container:\n${one.replaceAll(/^/gm, '  ')}` })))
  const noted = edit(first)
  expect(noted).not.toBe(first)
  const result = await put(noted, templates({ tail: `container:\n${two.replaceAll(/^/gm, '  ')}` }))
  expect(findings(result)).toEqual([])
  const whole = output(result)
  return whole.slice(whole.indexOf('    - name: tail') < 0 ? 0 : whole.indexOf('    - name: tail'))
}

const behind = (line: string) => (text: string): string => text.replace(line, `${line} # mine`)
const above = (line: string) => (text: string): string => text.replace(new RegExp(`^( *)(?=${line})`, 'm'), '$1# mine\n$1')

const head = '    - name: tail\n      image: t\n      restartPolicy: Always\n'

describe('comments in a container of ours when its template changes', () => {
  it.each([
    ['behind its name', 'image: t', 'image: u', behind('- name: tail'),
      '    - name: tail # mine\n      image: u\n      restartPolicy: Always\n'],
    ['behind the value that changes', 'image: t', 'image: u', behind('image: t'),
      '    - name: tail\n      image: u # mine\n      restartPolicy: Always\n'],
    ['above it', 'image: t', 'image: u', above('image: t'),
      '    - name: tail\n      # mine\n      image: u\n      restartPolicy: Always\n'],
    ['beside another argument', 'image: t\nargs: [a, b, c]', 'image: t\nargs: [a, x, b]', behind('- b'),
      `${head}      args:\n        - a\n        - x\n        - b # mine\n`],
    ['beside an argument that changes', 'image: t\nargs: [a, --port=1, c]', 'image: t\nargs: [a, --port=2, c]', behind('- --port=1'),
      `${head}      args:\n        - a\n        - --port=2 # mine\n        - c\n`],
    ['beside a variable, in whatever order', 'image: t\nenv: [{name: A, value: a}, {name: B, value: b}]',
      'image: t\nenv: [{name: C, value: c}, {name: B, value: x}, {name: D, value: d}]', behind('value: b'),
      `${head}      env:\n        - name: C\n          value: c\n        - name: B\n          value: x # mine\n        - name: D\n          value: d\n`],
    ['above an item that another replaces', 'image: t\nenv: [{name: A, value: a}]', 'image: t\nenv: [{name: B, value: b}]', above('- name: A'),
      `${head}      env:\n        - name: B\n          value: b\n        # mine\n`],
    ['behind a key whose map grows', 'image: t\nresources: {limits: {cpu: 1}}', 'image: t\nresources: {limits: {cpu: 1, memory: 1Gi}}', behind('limits:'),
      `${head}      resources:\n        limits: # mine\n          cpu: 1\n          memory: 1Gi\n`],
    ['behind an empty map that is filled', 'image: t\nsecurityContext: {}', 'image: t\nsecurityContext: {runAsUser: 1}', behind('securityContext: {}'),
      `${head}      securityContext: # mine\n        runAsUser: 1\n`],
    // Empty lists are not written: the line goes, with the comment behind it.
    ['but not behind a list that becomes empty', 'image: t\nsecurityContext: {capabilities: {drop: [a]}}',
      'image: t\nsecurityContext: {capabilities: {drop: []}}', behind('drop:'),
      `${head}      securityContext:\n        capabilities: {}\n`],
    ['behind a text that gets several lines', 'image: t\nargs: [a]', 'image: t\nargs: ["a\\nb\\n"]', above('- a'),
      `${head}      args:\n        # mine\n        - |\n          a\n          b\n`],
    ['behind the head of a text', 'image: t\nenv: [{name: A, value: "a\\nb\\n"}]', 'image: t\nenv: [{name: A, value: "a\\nc\\n"}]', behind('value: |'),
      `${head}      env:\n        - name: A\n          value: | # mine\n            a\n            c\n`],
    ['behind a text that gets one line', 'image: t\nenv: [{name: A, value: "a\\nb\\n"}]', 'image: t\nenv: [{name: A, value: b}]', behind('value: |'),
      `${head}      env:\n        - name: A\n          value: b # mine\n`],
    ['behind a line that becomes a text', 'image: t\nenv: [{name: A, value: b}]', 'image: t\nenv: [{name: A, value: "a\\nb\\n"}]', behind('value: b'),
      `${head}      env:\n        - name: A\n          value: | # mine\n            a\n            b\n`],
    ['in what goes, at its place', 'image: t\nlifecycle: {preStop: {exec: {command: [a]}}}', 'image: t\nenv: [{name: A, value: "a\\nb\\n"}]', above('- a'),
      `${head}      env:\n        - name: A\n          value: |\n            a\n            b\n      # mine\n`],
  ])('stay: %s', async (_, one, two, edit, expected) => {
    expect(await again(one, two, edit)).toBe(expected)
  })

  it('are not swallowed by a text that ends a new item in front of them', async () => {
    const text = `${POD}  initContainers:\n    - name: i\n      image: i\n            # deep\n  hostNetwork: true\n`
    const one = templates({ tail: 'initContainers: [{name: prepare, image: p, args: [a]}, {name: last, image: p, args: ["a\\nb"]}]' })
    const result = output(await put(text.replace('    - name: i\n      image: i\n', ''), one))
    expect(result).toContain('        - "a\\nb"\n            # deep\n')
    expect(output(await put(text, one))).toContain('        - |-\n          a\n          b\n    - name: i\n')
  })

  it('do not keep a sidecar from going without a trace', async () => {
    const one = templates({ tail: 'container: {image: t}' })
    const noted = behind('- name: tail')(output(await put(POD, one)))
    const changed = output(await put(noted, templates({ tail: 'container: {image: u, args: [x]}' })))
    expect(changed).toContain('- name: tail # mine\n')
    expect(output(await take(changed))).toBe(POD)
  })

  it('stand in flow style beside values that change', async () => {
    const flow = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers: [\n    {name: i, image: i},\n  ]\n  containers: [{name: app, image: a}]\n'
    expect(await again('image: t\nargs: [a]', 'image: u\nargs: [a, b]', (text) => text.replace('image: t,', 'image: t, # mine\n   '), flow))
      .toContain('    {name: tail, image: u, # mine\n    restartPolicy: Always, args: [a, b]},\n')
  })

  it.each([
    ['its value', '      image: &i t\n', '    - name: app\n      image: *i\n', 'EDIT_SHARED_NODE'],
    ['nothing', '      image: t\n', '    - name: app\n      image: a\n', undefined],
  ])('an anchor of the user on %s', async (_, ours, app, code) => {
    const first = output(await put(POD, templates({ tail: 'container: {image: t}' })))
    const moved = first.replace('  containers:\n    - name: app\n      image: a\n', '').replace('      image: t\n', ours) + `  containers:\n${app}`
    const result = await put(moved, templates({ tail: 'container: {image: u}' }))
    expect(result.diagnostics.map((d) => d.code)).toEqual(code === undefined ? [] : [code])
  })
})
