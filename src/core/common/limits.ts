/** A bound on hostile or mistaken input: what is beyond it is refused with a message that names the bound. */
export interface Limit {
  /** What is counted, as messages and the documentation word it. */
  name: string
  value: number
  unit: string
  /** What the bound protects from, or why nothing honest reaches it. */
  why: string
  /** Where the number comes from: a file of Kubernetes or of a library it uses, or `sidecarctl`. */
  source: string
}

/** Every limit of the program. templates/README.md has the same table; test/hostile/limits.test.ts tests each limit. */
export const LIMITS = {
  documentSize: {
    name: 'size of a document, of a stream of JSON, and of any other file',
    value: 256_000_000,
    unit: 'bytes',
    why: 'a document is read as a whole; /dev/zero has no end',
    source: 'sidecarctl',
  },
  inputSize: {
    name: 'size of an input of many documents',
    value: 1_000_000_000,
    unit: 'bytes',
    why: 'what does not fit into memory goes to the disk, which an endless stream would fill',
    source: 'sidecarctl',
  },
  aliases: {
    name: 'nodes that aliases expand to',
    value: 400_000,
    unit: 'nodes',
    why: 'a few lines can expand to billions of nodes; in larger documents the limit is a share that falls from 99% to 10%',
    source: 'sigs.k8s.io/yaml goyaml.v2/decode.go, allowedAliasRatio',
  },
  nesting: {
    name: 'depth of maps and lists in a document',
    value: 1000,
    unit: 'levels',
    why: 'no Kubernetes object is that deep; kubectl stops at 10,000',
    source: 'sidecarctl',
  },
  templateNesting: {
    name: 'depth of maps and lists in a template',
    value: 100,
    unit: 'levels',
    why: 'a template describes parts of a pod, which are never that deep',
    source: 'sidecarctl',
  },
  patternLength: {
    name: 'length of a pattern',
    value: 10_000,
    unit: 'characters',
    why: 'compile time grows with every character',
    source: 'sidecarctl',
  },
  patternSize: {
    name: 'size of a pattern with its repetitions written out',
    value: 20_000,
    unit: 'instructions',
    why: 'a{1000} is a thousand instructions, each of which can take time for every character of a value',
    source: 'sidecarctl',
  },
  patternsSize: {
    name: 'size of all patterns of one template or schema',
    value: 300_000,
    unit: 'instructions',
    why: 'compiling that many takes about a second',
    source: 'sidecarctl',
  },
  patternWork: {
    name: 'size of a compiled pattern times length of a value',
    value: 10_000_000,
    unit: 'steps',
    why: 'the slowest pattern takes about a second for that many',
    source: 'sidecarctl',
  },
  encodedText: {
    name: 'length of a string made by $json or $yaml',
    value: 1_000_000,
    unit: 'characters',
    why: 'each nested $json escapes the quotes of the inner one; etcd accepts no object above 1.5 MB',
    source: 'etcd, --max-request-bytes',
  },
  eachItems: {
    name: 'items made by $each',
    value: 10_000,
    unit: 'items',
    why: 'nested ones multiply',
    source: 'sidecarctl',
  },
  recordLength: {
    name: 'length of the records of a pod, all annotations together',
    value: 262_144,
    unit: 'characters',
    why: 'the API server accepts no more bytes of annotations',
    source: 'apimachinery TotalAnnotationSizeLimitB',
  },
  extendsDepth: {
    name: 'templates that extend one another in a chain',
    value: 20,
    unit: 'templates',
    why: 'each adds to the parts of all before it',
    source: 'sidecarctl',
  },
  triedValues: {
    name: 'values that templates validate tries a template with',
    value: 100,
    unit: 'values',
    why: 'each is an injection in both modes; templates have a few dozen',
    source: 'sidecarctl',
  },
  findings: {
    name: 'errors, and other findings, printed as text',
    value: 1000,
    unit: 'findings',
    why: 'longer lists are rarely read; the rest is counted, and --max-findings changes the limit',
    source: 'sidecarctl',
  },
} as const satisfies Readonly<Record<string, Limit>>
