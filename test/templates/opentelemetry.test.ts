/**
 * The collector's configuration against the configuration structs of its components, read as the collector reads it: with
 * unknown keys as errors (confmap), each value of its field's type, and what `Validate` of each struct asks for. From the
 * sources of opentelemetry-collector and opentelemetry-collector-contrib 0.159.0 (August 2026): `Config` of
 * exporter/prometheusexporter, receiver/httpcheckreceiver, receiver/prometheusreceiver, extension/healthcheckextension,
 * internal/memorylimiter and service; and of Prometheus 3, `ScrapeConfig`. The table has the fields that the template
 * uses, and no others.
 */
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isObject, type Json, type JsonObject } from '../../src/core/json/json.ts'
import { sidecarOf } from './program.ts'

/** A scalar, words of which it is one, a struct by name, a list, a map by names of components, or an optional field. */
type Type =
  | 'string'
  | 'bool'
  | 'uint'
  | 'duration'
  | 'endpoint'
  | readonly string[]
  | { struct: Struct }
  | { list: Type }
interface Struct {
  readonly [field: string]: Type
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const
const TLS: Type = { struct: { insecure_skip_verify: 'bool' } }
const PIPELINE: Type = {
  struct: { receivers: { list: 'string' }, processors: { list: 'string' }, exporters: { list: 'string' } },
}

const COLLECTOR: Struct = {
  receivers: {
    struct: {
      prometheus: {
        struct: {
          config: {
            struct: {
              scrape_configs: {
                list: {
                  struct: {
                    job_name: 'string',
                    scrape_interval: 'duration',
                    scheme: ['http', 'https'],
                    metrics_path: 'string',
                    fallback_scrape_protocol: ['PrometheusText0.0.4', 'PrometheusText1.0.0', 'OpenMetricsText1.0.0'],
                    tls_config: TLS,
                    static_configs: { list: { struct: { targets: { list: 'string' } } } },
                  },
                },
              },
            },
          },
        },
      },
      // The type was httpcheck before contrib pull request 47505 of April 2026, which keeps that as an alias.
      http_check: {
        struct: {
          collection_interval: 'duration',
          targets: { list: { struct: { method: ['GET'], endpoint: 'string', tls: TLS } } },
        },
      },
    },
  },
  processors: {
    struct: {
      memory_limiter: {
        struct: { check_interval: 'duration', limit_percentage: 'uint', spike_limit_percentage: 'uint' },
      },
    },
  },
  exporters: { struct: { prometheus: { struct: { endpoint: 'endpoint', without_scope_info: 'bool' } } } },
  extensions: { struct: { health_check: { struct: { endpoint: 'endpoint' } } } },
  service: {
    struct: {
      extensions: { list: 'string' },
      telemetry: { struct: { logs: { struct: { level: LEVELS } }, metrics: { struct: { level: ['none'] } } } },
      pipelines: { struct: { metrics: PIPELINE } },
    },
  },
}

const SCALARS: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string' && value !== '',
  bool: (value) => typeof value === 'boolean',
  uint: (value) => Number.isInteger(value) && (value as number) >= 0,
  // Go's time.ParseDuration; Prometheus reads the same without fractions.
  duration: (value) => typeof value === 'string' && /^(\d+(ms|s|m|h))+$/.test(value) && !value.startsWith('0'),
  endpoint: (value) => typeof value === 'string' && /^[\w.[\]]*:\d{1,5}$/.test(value),
}

function problems(value: Json, type: Type, path: string): string[] {
  if (typeof type === 'string')
    return SCALARS[type]?.(value) === true ? [] : [`${path}: ${JSON.stringify(value)} is no ${type}`]
  if ('list' in type)
    return Array.isArray(value) && value.length > 0
      ? value.flatMap((item, i) => problems(item, type.list, `${path}[${i}]`))
      : [`${path}: no list with items`]
  if ('struct' in type)
    return isObject(value)
      ? Object.entries(value).flatMap(([key, field]) => {
          const known = type.struct[key]
          return known === undefined ? [`${path}.${key}: unknown`] : problems(field, known, `${path}.${key}`)
        })
      : [`${path}: no map`]
  return type.includes(value as string) ? [] : [`${path}: ${JSON.stringify(value)} is none of ${type.join(', ')}`]
}

const at = (value: Json | undefined, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value)

/** What the collector asks of the whole: all that pipelines name is configured, and all that is configured is named. */
function unwired(config: JsonObject): string[] {
  const pipeline = at(config, 'service', 'pipelines', 'metrics')
  return [
    ...(['receivers', 'processors', 'exporters'] as const).map((kind) => [kind, at(pipeline, kind)] as const),
    ['extensions', at(config, 'service', 'extensions')] as const,
  ].flatMap(([kind, named]) => {
    const configured = Object.keys(at(config, kind) as JsonObject).sort()
    const names = (named as string[]).toSorted()
    return JSON.stringify(configured) === JSON.stringify(names)
      ? []
      : [`${kind}: ${names.join()} of ${configured.join()}`]
  })
}

function configOf(values: Readonly<Record<string, string>>): JsonObject {
  const { container } = sidecarOf('metrics', values)
  const [variable] = (container?.['env'] ?? []) as { name: string; value: string }[]
  expect(container?.['args']).toEqual([`--config=env:${variable?.name}`])
  return parse(variable?.value ?? '') as JsonObject
}

describe('the configuration of the collector', () => {
  it.each([
    {},
    { scheme: 'https' },
    { checkHealth: 'false' },
    { scopeLabels: 'true' },
    { scheme: 'https', checkHealth: 'false', logLevel: 'debug', interval: '1m30s', port: '1', healthPort: '65535' },
    { jobName: 'on', metricsPath: '/a?b=c&d="e"', healthPath: "/it's:#1" },
  ])('%j is as the components want it', (values: Record<string, string>) => {
    const config = configOf(values)
    expect(problems(config, { struct: COLLECTOR }, 'config')).toEqual([])
    expect(unwired(config)).toEqual([])
    // memorylimiter: the spike must be smaller than the limit.
    const limiter = at(config, 'processors', 'memory_limiter')
    expect(at(limiter, 'spike_limit_percentage')).toBeLessThan(at(limiter, 'limit_percentage') as number)
    // The collector would replace ${...} in its configuration.
    expect(JSON.stringify(config)).not.toContain('$')
    expect(at(config, 'exporters', 'prometheus', 'without_scope_info')).toBe(
      values['scopeLabels'] === 'true' ? undefined : true,
    )
  })

  it.each([
    [{ exporters: { prometheus: { endpoint: '::1:x' } } }, 'is no endpoint'],
    [{ receivers: { httpcheck: {} } }, 'config.receivers.httpcheck: unknown'],
    [{ service: { extensions: [] } }, 'no list with items'],
    [{ processors: { memory_limiter: { check_interval: '0s' } } }, 'is no duration'],
  ])('%j would be found', (config, problem) => {
    expect(problems(config as JsonObject, { struct: COLLECTOR }, 'config').join()).toContain(problem)
  })
})
