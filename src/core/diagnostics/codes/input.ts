/** Problems with reading: bytes, YAML, JSON, documents. */
export const inputCodes = () =>
  ({
    IO_NOT_FOUND: { severity: 'error', meaning: 'a path does not exist' },
    IO_UNREADABLE: { severity: 'error', meaning: 'a file or folder cannot be read' },
    IO_NO_MANIFESTS: {
      severity: 'error',
      meaning: 'a folder contains no .yaml, .yml or .json file, or git ignores them',
    },
    IO_EMPTY: { severity: 'error', meaning: 'the inputs contain no objects' },
    IO_WRITE_FAILED: { severity: 'error', meaning: 'a file could not be written' },
    IO_CHANGED: { severity: 'error', meaning: 'a file changed between reading and writing' },
    TEXT_ENCODING: { severity: 'error', meaning: 'the bytes are not in a text encoding that kubectl reads' },
    YAML_SYNTAX: { severity: 'error', meaning: 'the text is not YAML as kubectl reads it' },
    YAML_DUPLICATE_KEY: {
      severity: 'error',
      meaning: 'duplicate key in a map; kubectl keeps the last one without warning',
    },
    YAML_ALIAS: { severity: 'error', meaning: 'an alias has no anchor, contains itself, or expands to too many nodes' },
    YAML_UNSUPPORTED: {
      severity: 'error',
      meaning: 'a value is not supported in JSON, such as .nan or a map as a key',
    },
    YAML_DEPTH: {
      severity: 'error',
      meaning: 'the text is nested deeper than sidecarctl supports; kubectl supports ten times as many levels',
    },
    TEMPLATE_TEXT: { severity: 'error', meaning: 'the file is an unrendered template, such as a Helm chart file' },
    DOCUMENT_NOT_OBJECT: { severity: 'error', meaning: 'a document is a list or a scalar, not an object' },
    DOCUMENT_NO_KIND: { severity: 'error', meaning: 'a document has no apiVersion or kind' },
  }) as const
