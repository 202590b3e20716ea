import { error } from './code.ts'

/** Problems with reading: bytes, YAML, JSON, documents. */
export const inputCodes = () => ({
  IO_NOT_FOUND: error('a path does not exist'),
  IO_UNREADABLE: error('a file or folder cannot be read'),
  IO_NO_MANIFESTS: error('a folder contains no .yaml, .yml or .json file, or git ignores them'),
  IO_EMPTY: error('the inputs contain no objects'),
  IO_WRITE_FAILED: error('a file could not be written'),
  IO_CHANGED: error('a file changed between reading and writing'),
  TEXT_ENCODING: error('the bytes are not in a text encoding that kubectl reads'),
  YAML_SYNTAX: error('the text is not YAML as kubectl reads it'),
  YAML_DUPLICATE_KEY: error('duplicate key in a map; kubectl keeps the last one without warning'),
  YAML_ALIAS: error('an alias has no anchor, contains itself, or expands to too many nodes'),
  YAML_UNSUPPORTED: error('a value is not supported in JSON, such as .nan or a map as a key'),
  YAML_DEPTH: error('the text is nested deeper than sidecarctl supports; kubectl supports ten times as many levels'),
  TEMPLATE_TEXT: error('the file is an unrendered template, such as a Helm chart file'),
  DOCUMENT_NOT_OBJECT: error('a document is a list or a scalar, not an object'),
  DOCUMENT_NO_KIND: error('a document has no apiVersion or kind'),
})
