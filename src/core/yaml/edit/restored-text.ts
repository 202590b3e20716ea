import { isJsonText } from '../../text/json-stream.ts'
import type { Json } from '../../json/json.ts'
import { DataBuilder } from '../read/construct.ts'
import { parseYaml } from '../read/parse.ts'
import { YamlError } from '../read/token.ts'

/**
 * Text of a value that was recorded earlier, in a form that JSON allows: unchanged where it is JSON, else the JSON for it. The
 * document may have been YAML when it was recorded.
 * @param gap what is after colons in the document
 */
export function jsonToRestore(was: string, gap: string): string {
  if (isJsonText(was)) return was
  return gap + JSON.stringify(valueOf(was))
}

/** The same in YAML: the document may have been JSON, where no blank need follow a colon. */
export function yamlToRestore(was: string, isQuotedKey: boolean): string {
  return isQuotedKey || !/^\S/.test(was) ? was : ` ${was}`
}

function valueOf(text: string): Json {
  try {
    const { root } = parseYaml({ text, start: 0, end: text.length })
    return root === undefined ? null : new DataBuilder().build(root)
  } catch (error) {
    if (error instanceof YamlError) return null
    throw error
  }
}
