// Bundles the library into dist/library/: `core.js` needs nothing but the language, `index.js` adds the package's own
// templates and schemas. The types are those of src/library/types.ts, as they are.
import { build } from 'esbuild'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { madeValidators } from './validators.mjs'

/** The functions of the library and their types. */
const FUNCTIONS = { inject: 'Inject', uninject: 'Uninject', check: 'Check', explain: 'Explain', validate: 'Validate' }

/** `index.js` takes everything else from `core.js`. */
const coreApart = {
  name: 'core-apart',
  setup(builder) {
    builder.onResolve({ filter: /^\.\/core\.ts$/ }, () => ({ path: './core.js', external: true }))
  },
}

function declarations(source) {
  const docs = [...source.matchAll(/^(\/\*\*[^\n]*\*\/)\nexport const (\w+): /gm)]
  const lines = docs.map(([, doc, name]) => `${doc}\nexport declare const ${name}: ${FUNCTIONS[name]}\n`)
  if (lines.length !== Object.keys(FUNCTIONS).length) throw new Error('each function of the library needs a docstring')
  return [
    `import type { ${Object.values(FUNCTIONS).join(', ')} } from './types.js'\n`,
    `export type * from './types.js'\n`,
    ...lines,
  ].join('\n')
}

/**
 * Writes the library with its types, and the built-in templates as one list.
 * @param {string} root the project's folder
 * @param {string} outdir folder for the result
 * @returns the metafiles of the bundles
 */
export async function buildLibrary(root, outdir) {
  mkdirSync(outdir, { recursive: true })
  const common = {
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  }
  const parts = [
    { platform: 'neutral', mainFields: ['module', 'main'], plugins: [await madeValidators(root)] },
    { platform: 'node', plugins: [coreApart] },
  ]
  const results = []
  for (const [n, name] of ['core', 'index'].entries()) {
    const source = join(root, `src/library/${name}.ts`)
    results.push(await build({ ...common, ...parts[n], entryPoints: [source], outfile: join(outdir, `${name}.js`) }))
    writeFileSync(join(outdir, `${name}.d.ts`), declarations(readFileSync(source, 'utf8')))
  }
  copyFileSync(join(root, 'src/library/types.ts'), join(outdir, 'types.d.ts'))
  writeFileSync(join(outdir, 'templates.json'), JSON.stringify(templates(join(root, 'templates'))))
  return results.map(({ metafile }) => metafile)
}

function templates(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  return names.sort().map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}
