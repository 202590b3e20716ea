/** The policy that a repository starts with. */
import { describe, expect, it } from 'vitest'
import { excludePatterns, starterPolicy, type Survey } from '../../../src/core/selection/policy-starter.ts'
import { readPolicy } from '../../../src/core/selection/read-policy.ts'
import { SourceText } from '../../../src/core/text/source.ts'

describe('excludePatterns', () => {
  const rows: [string, string[], string[], string[]][] = [
    // what                                  | invalid                       | valid              | patterns
    ['nothing',                                [],                             ['a.yaml'],          []],
    ['a file',                                 ['a.yaml'],                     ['b.yaml'],          ['a.yaml']],
    ['a file alone in a folder',               ['a/b.yaml'],                   [],                  ['a/b.yaml']],
    ['a folder of them',                       ['a/b.yaml', 'a/c.yaml'],       ['d.yaml'],          ['a/**']],
    ['the topmost folder',                     ['a/b/c.yaml', 'a/d/e.yaml'],   ['f/g.yaml'],        ['a/**']],
    ['folders beside a valid file',            ['a/b/c.yaml', 'a/b/d.yaml'],   ['a/e.yaml'],        ['a/b/**']],
    ['files beside a valid file',              ['a/b.yaml', 'a/c.yaml'],       ['a/d.yaml'],        ['a/b.yaml', 'a/c.yaml']],
    ['files of the top folder, never all',     ['a.yaml', 'b.yaml'],           [],                  ['a.yaml', 'b.yaml']],
    ['a star in a name is no pattern',         ['*.yaml', '*/a', '*/b'],       ['web.yaml'],        ['?.yaml', '?/**']],
  ]
  it.each(rows)('%s', (_, invalid, valid, patterns) => expect(excludePatterns(invalid, valid)).toEqual(patterns))
})

const EMPTY: Survey = { kinds: new Map(), namespaces: new Map(), sidecars: new Set(), invalidFiles: [], validFiles: [] }
const starter = (found: Partial<Survey>, isGiven = false): string =>
  starterPolicy({ ...EMPTY, ...found }, { minor: 34, isGiven }, ['logging', 'metrics', 'on'])

describe('a starter policy', () => {
  it.each<[string, Partial<Survey>, string[]]>([
    // what is found | the survey | lines of the policy
    ['nothing', {}, ['# Workloads found: none.', '# Namespaces found: none.', '    # paths: [vendor/**]', '      # sidecarctl templates list names more sidecars.', '      add: [logging]']],
    ['workloads, by their kinds', { kinds: new Map([['StatefulSet', 1], ['Deployment', 12], ['Job', 2]]) }, ['# Workloads found: Deployment (12), Job (2), StatefulSet (1).']],
    ['namespaces, or none', { namespaces: new Map([['shop', 2], ['', 1]]) }, ['# Namespaces found: none given (1), shop (2).']],
    ['a name that would end its comment', { kinds: new Map([['Job\nspec: ü', 1]]) }, ['# Workloads found: Job?spec: ? (1).']],
    ['names of any length', { kinds: new Map([[`${'x'.repeat(80)}y`, 1]]), namespaces: new Map([[`${'~'.repeat(80)} `, 1]]) }, [`# Workloads found: ${'x'.repeat(80)} (1).`, `# Namespaces found: ${'~'.repeat(80)} (1).`]],
    ['sidecars', { sidecars: new Set(['metrics', 'logging']) }, ['      # The manifests have these sidecars already.', '      add: [logging, metrics]']],
    ['a sidecar that YAML would take for true', { sidecars: new Set(['on']) }, ['      add: ["on"]']],
    ['sidecars without templates', { sidecars: new Set(['b', 'a']) }, ['      # sidecarctl templates list names more sidecars.', '      # They also have a, b. Add them when their templates are named above.', '      add: [logging]']],
    ['sidecars with and without templates', { sidecars: new Set(['own', 'metrics']) }, ['      # The manifests have these sidecars already.', '      # They also have own. Add them when their templates are named above.', '      add: [metrics]']],
    ['invalid files', { invalidFiles: ['charts/a.yaml', 'charts/b.yaml', '#a.yaml'] }, ['    # Files that kubectl could not read as manifests.', '    paths:', '      - charts/**', '      - "#a.yaml"']],
  ])('for a repository with %s is valid', async (_, found, lines) => {
    const text = starter(found)
    const { policy, diagnostics } = await readPolicy(new SourceText('sidecarctl.yaml', text), (label) => label)
    expect(diagnostics).toEqual([])
    expect(text.split('\n').filter((line) => lines.includes(line))).toEqual(lines)
    const paths = found.invalidFiles ?? []
    expect([...paths, 'a.yaml'].filter((path) => policy?.excludesPath(path))).toEqual(paths)
    expect(policy?.rules?.flatMap(({ adds }) => adds.map(({ name }) => name))).toEqual(text.match(/(?<=^ {6}add: \[).*(?=\])/m)?.[0].replaceAll('"', '').split(', '))
  })

  it('says nothing of other sidecars and files where there are none', () => {
    expect(starter({ sidecars: new Set(['logging']) })).not.toMatch(/also have|could not read|names more sidecars/)
    expect(starter({ invalidFiles: ['a.yaml'] })).not.toContain('# paths:')
  })

  it('has comments with examples that are valid, too', async () => {
    const text = starter({}).replaceAll(/^( *)# ?( *(?:- )?(?:[a-zA-Z]+:|\{).*)$/gm, '$1$2')
    const { policy, diagnostics } = await readPolicy(new SourceText('sidecarctl.yaml', text), (label) => label)
    expect(diagnostics).toEqual([])
    expect(policy?.rules?.map(({ origin }) => origin.text)).toEqual(['rule "all workloads"', 'rule "front ends"', 'rule "no logs for databases"'])
    expect(policy?.kinds.map(({ kind }) => kind)).toEqual(['Job', 'Server'])
    expect([policy?.templates.length, policy?.allowPlaceholders, policy?.versions.length, policy?.values.length, policy?.modes.length]).toEqual([1, true, 1, 1, 1])
    expect([policy?.sidecarSettings?.pins.length, policy?.sidecarSettings?.assignUids, policy?.retarget?.value]).toEqual([1, false, true])
  })

  it.each([
    ['that is given', true, '  kubernetesVersion: "1.34"', '1.34'],
    ['that is assumed, in a comment', false, '  # kubernetesVersion: "1.34"', undefined],
  ])('has the Kubernetes version %s', async (_, isGiven, line, expected) => {
    const text = starter({}, isGiven)
    expect(text.split('\n')).toContain(line)
    const { policy } = await readPolicy(new SourceText('sidecarctl.yaml', text), (label) => label)
    expect(policy?.kubeVersion?.minor).toBe(expected === undefined ? undefined : 34)
  })
})
