import { REPORT_KINDS, REPORT_VERSION, type ReportKind } from './header.ts'

type Schema = Readonly<Record<string, unknown>>

const STRING = { type: 'string' }
const BOOLEAN = { type: 'boolean' }
const COUNT = { type: 'integer', minimum: 0 }
const LINE = { type: 'integer', minimum: 1 }
const STRINGS = { type: 'array', items: STRING }
const COUNTS = { type: 'object', additionalProperties: COUNT }
const ANY = {}

/** A map of which the fields with a `?` may be absent. Readers must accept fields that they do not know. */
function map(fields: Readonly<Record<string, Schema>>, description?: string): Schema {
  const entries = Object.entries(fields)
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
  }
}

function listOf(items: Schema, description?: string): Schema {
  return { type: 'array', items, ...(description !== undefined && { description }) }
}

function ref(name: keyof typeof DEFINITIONS): Schema {
  return { $ref: `#/definitions/${name}` }
}

/** `null` for what is unknown. */
function orNull({ type, ...rest }: Schema): Schema {
  return { type: [type, 'null'], ...rest }
}

const RESOURCE = { apiVersion: STRING, kind: STRING, namespace: STRING, name: STRING }
const AMOUNTS = { type: 'object', additionalProperties: STRING }
const PLACE = { 'file?': STRING, 'line?': LINE }

const DEFINITIONS = {
  severity: { enum: ['error', 'warning', 'info'] },
  resource: map(RESOURCE, 'An object; the namespace may be empty.'),
  diagnostic: map(
    {
      code: { type: 'string', description: 'Stable, such as SELECTOR_MISMATCH.' },
      severity: { $ref: '#/definitions/severity' },
      message: STRING,
      'file?': orNull(STRING),
      'document?': { ...orNull(COUNT), description: '0-based index in the file.' },
      line: { ...orNull(LINE), description: '1-based, as are columns, which count characters.' },
      column: orNull(LINE),
      'endLine?': orNull(LINE),
      'endColumn?': orNull(LINE),
      path: { ...orNull(STRING), description: 'The field, as the API server prints it.' },
      hint: orNull(STRING),
      'resource?': { oneOf: [{ type: 'null' }, { $ref: '#/definitions/resource' }] },
    },
    'A finding; unknown values are null.',
  ),
  origin: map({ level: STRING, text: STRING, ...PLACE }, 'Where a decision or a value comes from.'),
  amounts: map({ requests: AMOUNTS, limits: AMOUNTS }),
  cost: map(
    {
      requests: AMOUNTS,
      limits: AMOUNTS,
      pods: orNull(COUNT),
      'total?': { $ref: '#/definitions/amounts' },
      qosBefore: STRING,
      qosAfter: STRING,
    },
    'What sidecars add to one pod, and in total. pods is null for one pod on each node.',
  ),
  totalCost: map({ requests: AMOUNTS, limits: AMOUNTS, 'perNode?': { $ref: '#/definitions/amounts' } }),
  sidecar: map({
    name: STRING,
    state: {
      enum: ['up to date', 'missing', 'outdated', 'edited', 'left over', 'no record', 'foreign', 'skipped', 'failed'],
    },
    'version?': { type: 'string', description: 'The version found.' },
    'templateVersion?': STRING,
    'mode?': { enum: ['classic', 'native'] },
    'action?': { enum: ['added', 'updated', 'kept', 'removed', 'skipped'] },
    'reason?': STRING,
    'details?': { ...STRINGS, description: 'What it adds, in words.' },
    'removed?': STRINGS,
    'parameters?': { type: 'object', additionalProperties: ANY },
    'origin?': { $ref: '#/definitions/origin' },
    'modeOrigin?': { $ref: '#/definitions/origin' },
    'start?': { type: 'string', description: 'Where among the init containers it is to start.' },
    'startOrigin?': { $ref: '#/definitions/origin' },
    'parameterOrigins?': { type: 'object', additionalProperties: { $ref: '#/definitions/origin' } },
    'fields?': listOf(
      map({ field: STRING, 'template?': STRING, ...PLACE, 'parameters?': STRINGS }),
      'Fields of the pod template, and the part of the template that makes each.',
    ),
  }),
  workload: map({
    file: STRING,
    line: LINE,
    document: COUNT,
    'policy?': STRING,
    status: { enum: ['injected', 'updated', 'up to date', 'removed', 'skipped', 'failed'] },
    'reason?': STRING,
    ...RESOURCE,
    'origin?': { $ref: '#/definitions/origin' },
    sidecars: listOf({ $ref: '#/definitions/sidecar' }),
    'objects?': listOf(map({ id: STRING, action: { enum: ['added', 'updated', 'removed'] } })),
    'cost?': { $ref: '#/definitions/cost' },
  }),
  service: map(
    {
      file: STRING,
      line: LINE,
      document: COUNT,
      status: { enum: ['updated', 'up to date', 'left', 'skipped'] },
      ...RESOURCE,
      'origin?': { $ref: '#/definitions/origin' },
      ports: listOf(
        map({
          port: STRING,
          action: { enum: ['retargeted', 'updated', 'restored', 'kept', 'bypasses', 'edited'] },
          'targetPort?': ANY,
          'was?': ANY,
          'appPort?': COUNT,
          'reason?': STRING,
          sidecars: STRINGS,
          workloads: STRINGS,
        }),
      ),
    },
    'A Service that leads, or should lead, to a proxy.',
  ),
  template: map({
    name: STRING,
    version: STRING,
    description: STRING,
    mode: { enum: ['auto', 'classic', 'native'] },
    isOwn: BOOLEAN,
    file: STRING,
  }),
} as const

const SUBJECTS = { workloads: listOf(ref('workload')), 'services?': listOf(ref('service')) }
const APPLIED = {
  type: 'boolean',
  description:
    'False where errors kept the result from being printed or written; workloads then tell what would have happened.',
}
const FOUND = { diagnostics: listOf(ref('diagnostic')), summary: COUNTS }

const VALUE = {
  type: STRING,
  'enum?': { type: 'array' },
  'minLength?': COUNT,
  'maxLength?': COUNT,
  'minimum?': { type: 'number' },
  'maximum?': { type: 'number' },
  'minItems?': COUNT,
  'maxItems?': COUNT,
  'items?': { type: 'object' },
  'additionalProperties?': { type: 'object' },
}

/** The fields of each report, beside apiVersion and kind. */
const REPORTS: Record<ReportKind, Readonly<Record<string, Schema>>> = {
  InjectReport: { applied: APPLIED, ...SUBJECTS, ...FOUND, cost: ref('totalCost') },
  UninjectReport: { applied: APPLIED, ...SUBJECTS, ...FOUND, cost: ref('totalCost') },
  DiffReport: { files: listOf(map({ file: STRING, patch: STRING })), ...SUBJECTS, ...FOUND },
  CheckReport: {
    differences: listOf(
      map({
        ...PLACE,
        state: { enum: ['missing', 'outdated', 'edited', 'left over', 'no record', 'outdated record'] },
        message: STRING,
        resource: ref('resource'),
      }),
    ),
    ...SUBJECTS,
    ...FOUND,
  },
  StatusReport: { ...SUBJECTS, summary: COUNTS, cost: ref('totalCost') },
  ExplainReport: {
    ...SUBJECTS,
    otherObjects: listOf(
      map({
        file: STRING,
        line: LINE,
        ...RESOURCE,
        isKnownKind: BOOLEAN,
        podSpecs: listOf(map({ path: STRING, inline: BOOLEAN })),
      }),
      'Objects in which no pod template is known.',
    ),
    ...FOUND,
  },
  ValidateReport: {
    results: listOf(
      map({
        file: orNull(STRING),
        document: orNull(COUNT),
        kind: STRING,
        namespace: STRING,
        name: STRING,
        valid: BOOLEAN,
        diagnostics: listOf(ref('diagnostic')),
      }),
    ),
    summary: COUNTS,
    'omitted?': STRING,
  },
  KindList: {
    kubernetesVersion: STRING,
    kinds: listOf(map({ apiVersion: STRING, kind: STRING, checks: STRING, byDefault: BOOLEAN })),
  },
  TemplateList: { templates: listOf(ref('template')) },
  TemplateDocs: {
    name: STRING,
    version: STRING,
    description: STRING,
    mode: { enum: ['auto', 'classic', 'native'] },
    isOwn: BOOLEAN,
    file: STRING,
    parameters: listOf(
      map({
        name: STRING,
        ...VALUE,
        description: STRING,
        required: BOOLEAN,
        'default?': ANY,
        'example?': ANY,
        'requiredWhen?': { type: 'object' },
      }),
    ),
    requires: { type: 'object' },
  },
  TemplateReport: { templates: listOf(ref('template')), ...FOUND },
  ImageList: {
    images: listOf(
      map({
        sidecar: STRING,
        version: STRING,
        containers: listOf(STRING),
        image: STRING,
        source: STRING,
        'checked?': map({ version: STRING, date: STRING }),
      }),
    ),
  },
}

function reportOf(kind: ReportKind): Schema {
  return map({ apiVersion: { const: REPORT_VERSION }, kind: { const: kind }, ...REPORTS[kind] })
}

/** The JSON Schema of all reports: `-o json` and `--report`. */
export const REPORT_SCHEMA: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://sidecarctl.dev/schemas/report.json',
  title: 'Report of sidecarctl',
  type: 'object',
  required: ['apiVersion', 'kind'],
  oneOf: REPORT_KINDS.map(reportOf),
  definitions: DEFINITIONS,
}
