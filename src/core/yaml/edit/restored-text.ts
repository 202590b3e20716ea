import { isJsonText } from '../../text/json-stream.ts'
import type { Json } from '../../json/json.ts'
import { DataBuilder } from '../read/construct.ts'
import { parseYaml } from '../read/parse.ts'
import { YamlError } from '../read/token.ts'

/**
 * The recorded text of a value as JSON: unchanged where it is JSON, otherwise converted. The document may have been
 * YAML when it was recorded.
 * @param gap the white space after colons in the document
 */
export function jsonToRestore(was: string, gap: string): string {
  if (isJsonText(was)) return was
  return gap + JSON.stringify(valueOf(was) ?? null)
}

/**
 * The recorded text of a value as YAML. The document may have been JSON, where no blank need follow a colon.
 * @param isQuotedKey whether its key is quoted, so that the colon needs no blank after it
 */
export function yamlToRestore(was: string, isQuotedKey: boolean): string {
  return isQuotedKey || !/^\S/.test(was) ? was : ` ${was}`
}

/** The plain data of a recorded text; undefined where it cannot be read. */
export function valueOf(text: string): Json | undefined {
  try {
    const { root } = parseYaml({ text, start: 0, end: text.length })
    return root === undefined ? null : new DataBuilder().build(root)
  } catch (error) {
    if (error instanceof YamlError) return undefined
    throw error
  }
}
