import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json/json.ts'
import { resolveTemplate } from '../../../src/core/template/resolve-template.ts'
import type { Template } from '../../../src/core/template/template.ts'
import { CONTEXT, resolved, template } from './support.ts'

function codes(spec: string, values: Record<string, Json> = {}): string[] {
  return resolved(spec, values).diagnostics.map((d) => d.code)
}

const PARAMETERS = `parameters:
  text: {type: string, default: hello}
  number: {type: integer, default: 7}
  flag: {type: boolean, default: true}
  list: {type: array, default: [a, 1]}
  map: {type: object, default: {x: 1}}
  nothing: {type: string}
  output: {type: string, enum: [stdout, http], default: stdout}
`

/** What `container.it` becomes. */
function fieldOf(node: string, values: Record<string, Json> = {}, context = CONTEXT): unknown {
  const result = resolved(`${PARAMETERS}container:\n  it: ${node}`, values, context)
  if (result.sidecar === undefined) return result.diagnostics.map((d) => d.code)
  return result.sidecar.container?.['it']
}

describe('placeholders', () => {
  it.each<[string, unknown]>([
    ['${{ params.text }}', 'hello'],
    ['${{params.text}}', 'hello'],
    ['"${{ params.number }}"', 7],
    ['${{ params.flag }}', true],
    ['${{ params.list }}', ['a', 1]],
    ['${{ params.map }}', { x: 1 }],
    ['port-${{ params.number }}/${{ params.flag }}', 'port-7/true'],
    ['[a, "${{ params.number }}"]', ['a', 7]],
    ['{k: "${{ params.text }}"}', { k: 'hello' }],
    ['$${{ params.text }}', '${{ params.text }}'],
    ['a $${{ b }} ${{ params.text }}', 'a ${{ b }} hello'],
    ['$(POD_NAME) ${POD_NAME} "{{ x }}" }}', '$(POD_NAME) ${POD_NAME} "{{ x }}" }}'],
    ['${{ workload.name }}.${{ workload.namespace }}.${{ workload.kind }}', 'web.shop.Deployment'],
    ['${{ app.container }} ${{ app.image }} ${{ app.port }} ${{ app.portName }}', 'app example/web:1 8080 http'],
    ['${{ sidecar.name }} ${{ sidecar.mode }}', 'demo classic'],
  ])('%s', (node, expected) => {
    expect(fieldOf(node)).toEqual(expected)
  })

  it('leaves out a field or an item whose parameter has no value', () => {
    expect(fieldOf('${{ params.nothing }}')).toBeUndefined()
    expect(fieldOf('[a, "${{ params.nothing }}", b]')).toEqual(['a', 'b'])
  })

  it('rejects inside a text what is not a scalar or has no value', () => {
    expect(fieldOf('a ${{ params.list }}')).toEqual(['TEMPLATE_INVALID'])
    expect(fieldOf('a ${{ params.nothing }}')).toEqual(['TEMPLATE_INVALID'])
  })

  it('never lets a value add a field, a placeholder or a directive', () => {
    const text = '${{ params.number }}\nprivileged: true\n"$when": {}'
    expect(fieldOf('${{ params.text }}', { text })).toBe(text)
    expect(fieldOf('a${{ params.text }}', { text })).toBe(`a${text}`)
    expect(fieldOf('${{ params.map }}', { map: '{$json: {a: 1}}' })).toEqual({ $json: { a: 1 } })
  })
})

describe('$when', () => {
  it.each<[string, Record<string, Json>, unknown]>([
    ['{$when: {output: http}, a: 1}', {}, undefined],
    ['{$when: {output: http}, a: 1}', { output: 'http' }, { a: 1 }],
    ['{$when: {output: [http, stdout]}, a: 1}', {}, { a: 1 }],
    ['{$when: {output: {not: stdout}}, a: 1}', {}, undefined],
    ['{$when: {nothing: {set: true}}, a: 1}', {}, undefined],
    ['{$when: {nothing: {set: true}}, a: 1}', { nothing: 'x' }, { a: 1 }],
    ['{$when: {nothing: {set: false}}, a: 1}', {}, { a: 1 }],
    ['{$when: {flag: true, number: 7}, a: 1}', {}, { a: 1 }],
    ['{$when: {flag: true, number: 8}, a: 1}', {}, undefined],
    ['{$when: {workload.kind: [Job, CronJob]}, a: 1}', {}, undefined],
    ['{$when: {sidecar.mode: classic}, a: 1}', {}, { a: 1 }],
    ['{$when: {flag: true}, $value: x}', {}, 'x'],
    ['[{$when: {flag: true}, $value: x}, {$when: {flag: false}, $value: y}]', {}, ['x']],
    ['[{$when: {flag: true}, $spread: [w, x]}, z]', {}, ['w', 'x', 'z']],
    ['[{$when: {flag: true}, $spread: [x, {$when: {flag: false}, $spread: [y]}]}]', {}, ['x']],
  ])('%s with %j', (node, values, expected) => {
    expect(fieldOf(node, values)).toEqual(expected)
  })
})

describe('directives', () => {
  it.each<[string, unknown]>([
    ['{$json: {a: "${{ params.number }}", b: ["${{ params.text }}"]}}', '{"a":7,"b":["hello"]}'],
    ['{$yaml: {a: "${{ params.number }}", b: ["${{ params.text }}"]}}', 'a: 7\nb:\n- hello\n'],
    ['{$yaml: {a: {$when: {flag: false}, b: 1}, c: {$json: [1]}}}', 'c: "[1]"\n'],
    ['[0, {$spread: "${{ params.list }}"}, 2]', [0, 'a', 1, 2]],
    ['{$$ref: "#/x"}', { $ref: '#/x' }],
    ['[0, {$spread: "${{ params.list }}", $each: "--x=${{ item }}"}]', [0, '--x=a', '--x=1']],
    ['[{$spread: [{k: a, v: 1}, {k: b}], $each: {name: "${{ item.k }}", value: "${{ item.v }}"}}]', [{ name: 'a', value: 1 }, { name: 'b' }]],
    ['[{$spread: [a, b], $each: {$when: {item: b}, $value: "${{ item }}"}}]', ['b']],
    ['[{$spread: [[a, b], [c]], $each: {$spread: "${{ item }}", $each: "<${{ item }}>"}}]', ['<a>', '<b>', '<c>']],
    ['[{$when: {flag: false}, $spread: "${{ params.list }}", $each: x}]', undefined],
    ['[{$spread: [], $each: x}]', undefined],
    ['[{$spread: ["${{ params.text }}"], $each: "${{ item }}${{ item }}"}]', ['hellohello']],
    ['{$join: "${{ params.list }}"}', 'a,1'],
    ['{$join: [{$spread: "${{ params.list }}", $each: "x${{ item }}"}], $separator: " | "}', 'xa | x1'],
    ['{a: {$join: []}}', {}],
  ])('%s', (node, expected) => {
    expect(fieldOf(node)).toEqual(expected)
  })

  it('keeps a text with quotes and line breaks one scalar of the rendered configuration', () => {
    const text = 'x"\nadmin: {}'
    expect(JSON.parse(fieldOf('{$json: {a: "${{ params.text }}"}}', { text }) as string)).toEqual({ a: text })
    expect(fieldOf('{$yaml: {a: "${{ params.text }}"}}', { text })).toBe('a: |-\n  x"\n  admin: {}\n')
  })

  it('takes the content of an item as data', () => {
    expect(fieldOf('[{$spread: "${{ params.list }}", $each: {v: "${{ item }}"}}]', { list: ['${{ params.text }}', '$spread'] })).toEqual([
      { v: '${{ params.text }}' },
      { v: '$spread' },
    ])
    expect(fieldOf('[{$spread: [{a: 1}], $each: {x: "${{ item.constructor }}"}}]')).toEqual([{}])
  })

  it.each([
    '{$join: a}',
    '{$join: [[a]]}',
    '{$join: [a], $separator: 1}',
    '[{$spread: [{a: [1]}], $each: "x${{ item.a }}"}]',
  ])('refuses %s', (node) => {
    expect(fieldOf(node)).toEqual(['TEMPLATE_INVALID'])
  })

  it('rejects $spread outside a list, and of what is not a list', () => {
    expect(fieldOf('{a: {$spread: [1]}}')).toEqual(['TEMPLATE_INVALID'])
    expect(fieldOf('[{$spread: 1}]')).toEqual(['TEMPLATE_INVALID'])
  })
})

describe('values', () => {
  it.each<[string, Record<string, Json>, string[]]>([
    ['parameters: {a: {type: port, required: true}}', {}, ['PARAM_REQUIRED']],
    ['parameters: {a: {type: port, required: true}}', { a: '80' }, []],
    ['parameters: {a: {type: port}}', { a: 'x' }, ['PARAM_INVALID']],
    ['parameters: {a: {type: port, required: true}}', { a: 'x' }, ['PARAM_INVALID']],
    ['parameters: {a: {type: port}}', { b: '1' }, ['PARAM_UNKNOWN']],
    ['parameters: {a: {type: port}}', { __proto: '1', constructor: '1' }, ['PARAM_UNKNOWN', 'PARAM_UNKNOWN']],
    ['parameters: {constructor: {type: string}}', { constructor: 'x' }, []],
    ['parameters: {o: {type: string}, h: {type: string, requiredWhen: {o: http}}}', {}, []],
    ['parameters: {o: {type: string}, h: {type: string, requiredWhen: {o: http}}}', { o: 'http' }, ['PARAM_REQUIRED']],
    ['parameters: {p: {type: port, required: true, default: "${{ app.port }}"}}', {}, []],
  ])('%s with %j', (spec, values, expected) => {
    expect(codes(spec, values)).toEqual(expected)
  })

  it.each<[string, Json, unknown]>([
    ['number', 'null', {}],
    ['number', null, {}],
    ['flag', 'null', {}],
    ['text', null, {}],
    ['text', 'null', { a: 'null' }],
    ['nothing', null, {}],
  ])('null takes a default away, where it is no text: %s of %j', (name, value, expected) => {
    expect(fieldOf(`{a: "\${{ params.${name} }}"}`, { [name]: value })).toEqual(expected)
  })

  it.each<[string, unknown]>([
    ['quantity', {}], ['duration', {}], ['path', {}], ['array', {}], ['object', {}], ['string', { b: 'null' }], ['name', { b: 'null' }],
  ])('the word null is no value of type %s, unless it is such a text', (type, expected) => {
    const { sidecar } = resolved(`parameters: {a: {type: ${type}}}\ncontainer: {it: {b: "\${{ params.a }}"}}`, { a: 'null' })
    expect(sidecar?.container?.['it']).toEqual(expected)
  })

  it('null is not a value where the template has errors without one', () => {
    const spec = `parameters: {a: {type: path, default: /x}, b: {type: quantity, default: 1}, c: {type: path}}
container: {command: ["--in=\${{ params.a }}"], resources: {limits: {cpu: "\${{ params.b }}"}}}`
    const { diagnostics } = resolved(spec, { a: 'null', b: 'null' })
    expect(diagnostics).toMatchObject([{ code: 'PARAM_REQUIRED', message: expect.stringContaining('requires a value for a') }])
    expect(codes(spec, { a: '/y', b: 'null' })).toEqual([])
    expect(codes(spec.replace('params.a', 'params.c'), { a: 'null' })).toEqual(['TEMPLATE_INVALID'])
  })

  it('null is not a value for what must have one', () => {
    expect(codes('parameters: {a: {type: port, required: true, default: 80}}', { a: 'null' })).toEqual(['PARAM_REQUIRED'])
  })

  it('takes the own key __proto__ for an unknown parameter', () => {
    const values = Object.create(null) as Record<string, Json>
    values['__proto__'] = '{"polluted": true}'
    expect(codes('parameters: {a: {type: object}}', values)).toEqual(['PARAM_UNKNOWN'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('needs a value where the workload has none for the default', () => {
    const context = { ...CONTEXT, app: { ...CONTEXT.app, port: undefined } }
    const spec = 'parameters: {p: {type: port, required: true, default: "${{ app.port }}", example: 80}}'
    expect(resolved(spec, {}, context).diagnostics).toMatchObject([
      { code: 'PARAM_REQUIRED', hint: "declare the app's port in its container, or set it with --set demo.p=80" },
    ])
  })

  it('takes the last of several values for one parameter, and data as data', () => {
    const parsed = template('parameters: {a: {type: boolean}, b: {type: boolean}}').template as Template
    const given = [
      { name: 'a', value: 'no' },
      { name: 'a', value: 'yes' },
      { name: 'b', value: 'yes', data: true, origin: 'the policy' },
    ]
    expect(resolveTemplate(parsed, given.slice(0, 2), CONTEXT).sidecar?.parameters).toEqual({ a: true })
    expect(resolveTemplate(parsed, given, CONTEXT).diagnostics.map((d) => d.message)).toEqual([
      'demo.b: "yes" is not true or false (set by the policy)',
    ])
  })

  it('gives the very same sidecar for the same values, but does not keep those of every workload', () => {
    const parsed = template('parameters: {a: {type: integer}}\ncontainer:\n  a: ${{ params.a }}').template as Template
    const made = (value: number) => resolveTemplate(parsed, [{ name: 'a', value }], CONTEXT).sidecar
    const first = made(0)
    expect(first?.container).toMatchObject({ a: 0 })
    expect(made(0)).toBe(first)
    for (let n = 1; n <= 99; n++) made(n)
    expect(made(0)).toBe(first)
    made(100)
    expect(made(0)).not.toBe(first)
    expect(made(0)).toEqual(first)
  })

  it('names the nearest parameter and where the value came from', () => {
    const [diagnostic] = resolved('parameters: {image: {type: string}}', { imgae: 'x' }).diagnostics
    expect(diagnostic).toMatchObject({
      message: 'the template demo has no parameter "imgae"',
      hint: 'did you mean image?',
    })
  })
})

describe('the sidecar', () => {
  it('has defaults for all that the template leaves out', () => {
    expect(resolved('container: {image: x}').sidecar).toEqual({
      name: 'demo',
      version: '1',
      container: { name: 'demo', image: 'x' },
      initContainers: [],
      volumes: [],
      sharedFolders: [],
      app: { containers: 'all', env: [], volumeMounts: [], ports: [], lifecycle: undefined },
      pod: {
        labels: {},
        annotations: {},
        imagePullSecrets: [],
        shareProcessNamespace: undefined,
        fsGroup: undefined,
        minTerminationGracePeriodSeconds: undefined,
        serviceAccountName: undefined,
      },
      objects: [],
      together: [],
      mode: 'auto',
      order: { position: undefined, before: [], after: [] },
      requires: { kinds: [], minMinor: undefined, maxMinor: undefined, hostNetwork: 'allow' },
      classic: { startFirst: false, lifecycle: undefined, minTerminationGracePeriodSeconds: undefined },
      proxies: undefined,
      parameters: {},
    })
  })

  it('has all that the template says', () => {
    const { sidecar } = resolved(`mode: native
sharedFolders: [{volume: v, path: /a}, {volume: w, path: /b, sidecarPath: /c, sidecarReadOnly: true, appReadOnly: true}]
app: {containers: [web], env: [{name: P, value: 1}], ports: [{containerPort: 1}]}
pod: {labels: {a: 1}, annotations: {b: true}, fsGroup: 5, shareProcessNamespace: true}
order: {position: first, before: [x], after: [z]}
requires: {kinds: [Deployment], kubernetes: ">=1.29 <1.36", hostNetwork: skip}
proxies: 80
objects: [{kind: ConfigMap}]
container: {args: [1, true, x], env: [{name: A, value: 2}]}`)
    expect(sidecar).toMatchObject({
      mode: 'native',
      sharedFolders: [
        { path: '/a', sidecarPath: '/a', sidecarReadOnly: false, appReadOnly: false, readsAgain: false, source: { emptyDir: {} } },
        { path: '/b', sidecarPath: '/c', sidecarReadOnly: true, appReadOnly: true },
      ],
      app: { containers: ['web'], env: [{ name: 'P', value: '1' }], ports: [{ containerPort: 1 }] },
      pod: { labels: { a: '1' }, annotations: { b: 'true' }, fsGroup: 5, shareProcessNamespace: true },
      order: { position: 'first', before: ['x'], after: ['z'] },
      requires: { kinds: ['Deployment'], minMinor: 29, maxMinor: 35, hostNetwork: 'skip' },
      proxies: 80,
      objects: [{ kind: 'ConfigMap' }],
      container: { args: ['1', 'true', 'x'], env: [{ name: 'A', value: '2' }] },
    })
  })

  it.each([
    ['sharedFolders: [{path: /a}]', ['spec', 'sharedFolders', 0, 'volume']],
    ['sharedFolders: [{volume: v, path: a}]', ['spec', 'sharedFolders', 0, 'path']],
    ['sharedFolders: {}', ['spec', 'sharedFolders']],
    ['container: x', ['spec', 'container']],
    ['initContainers: [x]', ['spec', 'initContainers', 0]],
    ['app: {containers: some}', ['spec', 'app', 'containers']],
    ['pod: {fsGroup: -1}', ['spec', 'pod', 'fsGroup']],
    ['pod: {labels: {a: [1]}}', ['spec', 'pod', 'labels', 'a']],
    ['order: {position: middle}', ['spec', 'order', 'position']],
    ['requires: {kubernetes: new}', ['spec', 'requires', 'kubernetes']],
    ['requires: {hostNetwork: maybe}', ['spec', 'requires', 'hostNetwork']],
    ['proxies: http', ['spec', 'proxies']],
  ])('%s is wrong', (spec, path) => {
    expect(resolved(spec).diagnostics).toMatchObject([{ code: 'TEMPLATE_INVALID', path }])
  })
})
