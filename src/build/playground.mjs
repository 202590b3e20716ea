// Makes the page of `sidecarctl playground`: one HTML file with the core, the templates and the schemas of the newest
// version of Kubernetes in it, compressed. It loads nothing, and its policy forbids the browser to.
import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { madeValidators } from './validators.mjs'

/** The module of the page that holds what the build puts in. */
const DATA = /[\\/]playground[\\/]data\.ts$/

/** What the page knows without a network: templates, and schemas by their name, of one version of Kubernetes. */
function dataOf(root, dist) {
  const names = readdirSync(join(root, 'templates'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort()
  const templates = Object.fromEntries(
    names.map((name) => [
      name,
      // The page reads them as it reads those of a user: what is read already would make it larger.
      { text: readFileSync(join(root, 'templates', `${name}.yaml`), 'utf8') },
    ]),
  )
  const versions = readdirSync(join(dist, 'schemas')).filter((name) => /^\d+\.\d+$/.test(name))
  const newest = versions.sort((a, b) => Number(b.split('.')[1]) - Number(a.split('.')[1]))[0]
  const files = [...readdirSync(join(dist, 'schemas', newest)).map((name) => `${newest}/${name}`), 'history.json']
  const schemas = Object.fromEntries(
    files.map((file) => [file, JSON.parse(readFileSync(join(dist, 'schemas', file), 'utf8'))]),
  )
  const sample = readFileSync(join(root, 'src/playground/sample.yaml'), 'utf8')
  return { templates, schemas, sample }
}

function withData(data) {
  return {
    name: 'data',
    setup(builder) {
      builder.onLoad({ filter: DATA }, () => ({
        contents: `export const DATA = ${JSON.stringify(data)}`,
        loader: 'js',
      }))
    },
  }
}

function hashOf(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/**
 * Writes `playground.html.gz`.
 * @param {string} root the project's folder
 * @param {string} dist the folder for the result, with the schemas and templates that the build made
 */
export async function buildPlayground(root, dist) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/playground/main.ts'],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    write: false,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    define: { SIDECARCTL_VERSION: JSON.stringify(version) },
    plugins: [await madeValidators(root), withData(dataOf(root, dist))],
  })
  const [{ text: script }] = outputFiles
  const style = readFileSync(join(root, 'src/playground/page.css'), 'utf8')
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style))
    throw new Error('the script or the style of the page holds text that would end it')
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  // Their hashes are of all that is between the tags.
  const page = readFileSync(join(root, 'src/playground/page.html'), 'utf8')
    .replace('%policy%', () => policy)
    .replace(/<(style|script)>\s*%\1%\s*<\/\1>/g, (_, tag) => `<${tag}>${tag === 'style' ? style : script}</${tag}>`)
  writeFileSync(join(dist, 'playground.html.gz'), gzipSync(page, { level: 9 }))
  return metafile
}
