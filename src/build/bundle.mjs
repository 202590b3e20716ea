// Bundles the program in three parts, so that a run loads only what it needs: main.cjs is all that `src/cli/index.ts`
// imports, but for the rules of kinds without pods, which are in kinds.cjs; rest.cjs all that is only reached through
// `import()`. A module is in one of the three, never in two: what others need of the main part they are handed.
import { build } from 'esbuild'
import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { madeValidators } from './validators.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** commander can start sub-programs; ours has none, and loading node:child_process costs start-up time. Only `--since` needs it. */
const noChildProcess = {
  name: 'no-child-process',
  setup(builder) {
    builder.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /node_modules[\\/]/.test(importer) ? { path: 'child_process', namespace: 'absent' } : undefined,
    )
    builder.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }))
  },
}

const COMMON = {
  absWorkingDir: root,
  bundle: true,
  // CommonJS, as V8's code cache takes no modules.
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
}

function define() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return { SIDECARCTL_VERSION: JSON.stringify(version), 'import.meta.dirname': '__dirname' }
}

/**
 * Bundles programs into one file each, as they are.
 * @param {Record<string, string>} entryPoints output name -> source file
 * @param {string} outdir folder for the result
 */
export async function bundle(entryPoints, outdir) {
  return await build({ ...COMMON, entryPoints, outdir, define: define(), plugins: [noChildProcess] })
}

/** The name of a module in a metafile and in the code that joins the parts. */
function nameOf(path) {
  return relative(root, path).replaceAll('\\', '/')
}

/**
 * The rules of kinds that hold no pods, which export functions alone: they are loaded when one is first called. What
 * imports them is none the wiser.
 */
const ON_CALL =
  /^src\/core\/validate\/objects\/(?:(?:cluster|config|network|resource)\/|storage\/(?!claim\.)|workloads\/(?:autoscaler|cronjob|disruption-budget)\.)/

/**
 * Leaves modules that are imported on demand or loaded on call out; their names go to `found`, by part. `namesOf` gives
 * what a module exports.
 */
function apart(namesOf, found) {
  return {
    name: 'apart',
    setup(builder) {
      builder.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const name = nameOf(resolve(resolveDir, path))
        if (kind === 'dynamic-import') {
          found.rest.add(name)
          return { path: `rest:${name}`, external: true }
        }
        if (!ON_CALL.test(name)) return undefined
        found.kinds.add(name)
        return { path: name, namespace: 'on-call' }
      })
      builder.onResolve({ filter: /^kinds:/ }, ({ path }) => ({ path, external: true }))
      builder.onLoad({ filter: /./, namespace: 'on-call' }, ({ path }) => {
        const names = namesOf(path)
        if (names === undefined) return { contents: 'module.exports = {}' }
        const functions = names.map((name) => `export const ${name} = (...given) => loaded().${name}(...given)`)
        const loaded = `let it\nconst loaded = () => (it ??= require(${JSON.stringify(`kinds:${path}`)}))`
        return { contents: [loaded, ...functions].join('\n') }
      })
    },
  }
}

/** What a module exports, where that is not known yet. */
const unknown = () => undefined

/** Takes modules of the main part from there. `namesOf` gives what a module exports; `found` gets the modules taken. */
function fromMain(main, namesOf, found) {
  return {
    name: 'from-main',
    setup(builder) {
      builder.onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
        const name = nameOf(resolve(resolveDir, path))
        if (kind === 'entry-point' || !main.has(name)) return undefined
        found.add(name)
        return { path: name, namespace: 'main' }
      })
      builder.onLoad({ filter: /.*/, namespace: 'main' }, ({ path }) => {
        const names = namesOf(path)
        if (names === undefined) return { contents: 'module.exports = {}' }
        const taken = names.map((name) => `export const ${name} = it.${name}`)
        return { contents: [`const it = MAIN[${JSON.stringify(path)}]()`, ...taken].join('\n') }
      })
    },
  }
}

/** Looks at modules without what they import. */
const alone = {
  name: 'alone',
  setup(builder) {
    builder.onResolve({ filter: /.*/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: 'other', external: true },
    )
  },
}

/** What modules export, by name. */
async function exportsOf(modules) {
  const { metafile } = await build({
    ...COMMON,
    entryPoints: [...modules],
    outdir: 'out',
    outbase: root,
    format: 'esm',
    outExtension: {},
    write: false,
    plugins: [alone],
  })
  return new Map(Object.values(metafile.outputs).map(({ entryPoint, exports }) => [entryPoint, exports]))
}

/** A source file that hands the main part to bin/, and what others ask of its modules to them. */
function mainEntry(shared) {
  const rows = [...shared].map(
    ([module, names], i) =>
      `  ${JSON.stringify(module)}: () => ({ ${names.map((name) => `${name}: m${i}.${name}`).join(', ')} }),`,
  )
  return [
    `export { main, realHost, withFirstFlags } from './src/cli/index.ts'`,
    ...[...shared.keys()].map((module, i) => `import * as m${i} from ${JSON.stringify(`./${module}`)}`),
    // Only where the rest is asked for: a run without it would make all of these in vain.
    'export const MAIN = () => ({',
    ...rows,
    '})',
  ].join('\n')
}

/** A source file that hands out each module that is asked for. */
function partEntry(modules) {
  return [
    'export const parts = {',
    ...[...modules].map((name) => `  ${JSON.stringify(name)}: () => require(${JSON.stringify(`./${name}`)}),`),
    '}',
  ].join('\n')
}

/**
 * A part is a script whose value is a function, by vm.Script and by require() alike. `load(part)` gives the function of
 * another part, `require` Node's own modules.
 */
function asFunction(parameters, before, after) {
  return {
    banner: {
      js: `(f=>typeof module=="object"?module.exports=f:f)((function(${parameters}){"use strict";${before}const module={exports:{}};`,
    },
    footer: { js: `${after}}))` },
  }
}

const MAIN_PART = asFunction(
  'load,node,__dirname',
  [
    'const parts={};let handed;',
    'const require=name=>{',
    'const[part,key]=name.split(":");',
    'if(part!=="kinds"&&part!=="rest")return node(name);',
    'handed??=module.exports.MAIN();',
    'const it=()=>module.exports.withFirstFlags(()=>load(part));',
    'return(handed[key]??(parts[part]??=it()(handed,node,__dirname))[key])()};',
  ].join(''),
  'return module.exports',
)
/**
 * kleur asks `process` about colours as soon as it is loaded, and process.stdout opens stdout as a stream, which costs
 * time and makes a pipe non-blocking. The answer is not used, since colours go by the stream, so it gets an empty one.
 * Of our own modules only the host, in the main part, knows the process.
 */
const NO_PROCESS = 'const process={env:{},stdout:{}};'
const OTHER_PART = asFunction('MAIN,require,__dirname', NO_PROCESS, 'return module.exports.parts')

/**
 * Bundles the program as it is published.
 * @param {string} outdir folder for the result
 */
export async function bundleProgram(outdir) {
  const plugins = [noChildProcess, await madeValidators(root)]
  const part = async (name, contents, more, write = true) =>
    await build({
      ...COMMON,
      define: define(),
      outfile: join(outdir, `${name}.cjs`),
      stdin: { contents, resolveDir: root, sourcefile: `${name}.js` },
      supported: { 'dynamic-import': false },
      write,
      ...more,
    })
  // Once without knowing what is in which part, to find out.
  const asked = { kinds: new Set(), rest: new Set() }
  const first = await part('main', mainEntry(new Map()), { plugins: [apart(unknown, asked), ...plugins] }, false)
  const main = new Set(Object.keys(first.metafile.inputs))
  // Imported both outright and on demand is in the main part.
  const taken = new Set([...asked.rest].filter((name) => main.has(name)))
  for (const name of taken) asked.rest.delete(name)
  const seen = new Set()
  for (const [name, modules] of Object.entries(asked)) {
    const more = { plugins: [fromMain(main, unknown, taken), ...plugins] }
    const { metafile } = await part(name, partEntry(modules), more, false)
    for (const input of Object.keys(metafile.inputs).filter((one) => one.startsWith('src/'))) {
      // So is what both others need.
      if (seen.has(input)) taken.add(input)
      seen.add(input)
    }
  }
  for (const name of taken) main.add(name)
  const [shared, onCall] = [await exportsOf(taken), await exportsOf(asked.kinds)]
  const handingOut = apart((name) => onCall.get(name), asked)
  const results = [await part('main', mainEntry(shared), { plugins: [handingOut, ...plugins], ...MAIN_PART })]
  for (const [name, modules] of Object.entries(asked)) {
    const handed = fromMain(main, (module) => shared.get(module), new Set())
    results.push(await part(name, partEntry(modules), { plugins: [handed, ...plugins], ...OTHER_PART }))
  }
  for (const { metafile } of results)
    for (const output of Object.keys(metafile.outputs)) refuseOtherThanAscii(join(root, output))
  return results.map(({ metafile }) => metafile)
}

/**
 * The program is read as Latin-1, which is faster. esbuild escapes what is beyond ASCII in strings; in a regular
 * expression it has to be escaped in the source.
 */
function refuseOtherThanAscii(file) {
  const found = /[^\0-\x7f]/.exec(readFileSync(file, 'utf8'))
  if (found) throw new Error(`${file}: write U+${found[0].codePointAt(0).toString(16)} as an escape in the source`)
}
