// Bundles the program in parts (see parts.mjs), so that a run loads only what it needs.
import { build } from 'esbuild'
import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { divide, PARTS } from './parts.mjs'
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
 * Joins a part to the others. What it takes from a part below it comes in at once, by `$take(PART, NUMBER)`; a module of
 * another part by `require('PART:MODULE')`, when one of its functions is first called. What imports either is none the
 * wiser.
 * @param {string} part its name
 * @param {import('./parts.mjs').Division} division
 * @param {(module: string) => readonly string[]} namesOf what a module exports
 */
function joined(part, { owners, taken, isBelow }, namesOf) {
  return {
    name: 'joined',
    setup(builder) {
      builder.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const name = nameOf(resolve(resolveDir, path))
        const owner = owners.get(name)
        if (kind === 'entry-point' || owner === undefined || owner === part) return undefined
        if (kind === 'dynamic-import') return { path: `${owner}:${name}`, external: true }
        return { path: name, namespace: isBelow(owner, part) ? 'taken' : 'on-call' }
      })
      builder.onResolve({ filter: /^\w+:src\// }, ({ path }) => ({ path, external: true }))
      builder.onLoad({ filter: /./, namespace: 'taken' }, ({ path }) => {
        const owner = owners.get(path)
        const first = sharedNames(taken.get(owner), namesOf).findIndex(([module]) => module === path)
        const rows = namesOf(path).map(
          (name, i) => `export const ${name} = /* @__PURE__ */ $take('${owner}', ${first + i})`,
        )
        return { contents: rows.join('\n') }
      })
      builder.onLoad({ filter: /./, namespace: 'on-call' }, ({ path }) => {
        const functions = namesOf(path).map((name) => `export const ${name} = (...given) => loaded().${name}(...given)`)
        const module = JSON.stringify(`${owners.get(path)}:${path}`)
        return { contents: [`let it\nconst loaded = () => (it ??= require(${module}))`, ...functions].join('\n') }
      })
    },
  }
}

/** Modules with each name they export, in the order of the numbers by which a part's are taken. */
function sharedNames(modules, namesOf) {
  return modules.flatMap((module) => namesOf(module).map((name) => [module, name]))
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

/** A source file that hands out what others ask for of a part: modules by name, and names of modules by number. */
function handingOut({ inPieces }, asked, taken, namesOf) {
  const whole = [...new Set([...(inPieces ? [] : asked), ...taken])]
  const given = (module, name) => `m${whole.indexOf(module)}.${name}`
  const object = (module) => `({ ${namesOf(module).map((name) => `${name}: ${given(module, name)}`)} })`
  return [
    ...whole.map((module, i) => `import * as m${i} from ${JSON.stringify(`./${module}`)}`),
    'export const modules = {',
    ...asked.map(
      (name) =>
        `${JSON.stringify(name)}: () => ${inPieces ? `require(${JSON.stringify(`./${name}`)})` : object(name)},`,
    ),
    '}',
    // Only where they are asked for: a run without other parts would make them in vain.
    `export const shared = () => [${sharedNames(taken, namesOf).map(([module, name]) => given(module, name))}]`,
  ].join('\n')
}

/**
 * A part is a script whose value is a function, by vm.Script and by require() alike. `$load(part)` gives the function of
 * another part, `require` Node's own modules and those of other parts, `$take` what a module of another part exports.
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
  '$load,$node,__dirname',
  [
    `const[require,$take]=(()=>{const names=${JSON.stringify(Object.keys(PARTS))},begun={},shared={};`,
    'const begin=part=>begun[part]??=part==="main"?module.exports:',
    'module.exports.withFirstFlags(()=>$load(part))(require,$take,__dirname);',
    'const require=name=>{const[part,key]=name.split(":");',
    'return names.includes(part)?begin(part).modules[key]():$node(name)};',
    'const $take=(part,number)=>(shared[part]??=begin(part).shared())[number];',
    'return[require,$take]})();',
  ].join(''),
  'return module.exports',
)
/**
 * kleur asks `process` about colours as soon as it is loaded, and process.stdout opens stdout as a stream, which costs
 * time and makes a pipe non-blocking. The answer is not used, since colours go by the stream, so it gets an empty one.
 * Of our own modules only the host, in the main part, knows the process.
 */
const NO_PROCESS = 'const process={env:{},stdout:{}};'
const OTHER_PART = asFunction('require,$take,__dirname', NO_PROCESS, 'return module.exports')

/**
 * Bundles the program as it is published.
 * @param {string} outdir folder for the result
 * @returns {Promise<Record<string, import('esbuild').Metafile>>} what is in each part, by its name
 */
export async function bundleProgram(outdir) {
  const plugins = [noChildProcess, await madeValidators(root)]
  const entry = 'src/cli/index.ts'
  // As a whole, to find out what imports what.
  const whole = await build({ ...COMMON, entryPoints: [entry], define: define(), outdir, write: false, plugins })
  const division = divide(whole.metafile, entry)
  const exported = await exportsOf([...division.asked.values(), ...division.taken.values()].flat())
  const namesOf = (module) => exported.get(module)
  const results = {}
  for (const part of Object.keys(PARTS)) {
    const handOut = handingOut(PARTS[part], division.asked.get(part), division.taken.get(part), namesOf)
    const isMain = part === 'main'
    const own = isMain ? `export { main, realHost, withFirstFlags } from './${entry}'\n` : ''
    const { metafile } = await build({
      ...COMMON,
      define: define(),
      outfile: join(outdir, `${part}.cjs`),
      stdin: { contents: own + handOut, resolveDir: root, sourcefile: `${part}.js` },
      supported: { 'dynamic-import': false },
      plugins: [joined(part, division, namesOf), ...plugins],
      ...(isMain ? MAIN_PART : OTHER_PART),
    })
    for (const output of Object.keys(metafile.outputs)) refuseOtherThanAscii(join(root, output))
    results[part] = metafile
  }
  return results
}

/**
 * The program is read as Latin-1, which is faster. esbuild escapes what is beyond ASCII in strings; in a regular
 * expression it has to be escaped in the source.
 */
function refuseOtherThanAscii(file) {
  const found = /[^\0-\x7f]/.exec(readFileSync(file, 'utf8'))
  if (found) throw new Error(`${file}: write U+${found[0].codePointAt(0).toString(16)} as an escape in the source`)
}
