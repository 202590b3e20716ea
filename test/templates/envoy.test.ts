/**
 * Envoy's configuration against the messages of its v3 API (api/envoy in its sources of August 2026, 1.39), read as Envoy
 * reads it: the JSON mapping of protobuf, strictly, so that no field is unknown and each value has its field's type. The
 * table has the fields that the template uses, and no others.
 */
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { isObject, type Json } from '../../src/core/json/json.ts'
import { sidecarOf } from './program.ts'

/** A type: a scalar, words of an enum, a message, a list of one, or a map to `Any`. */
type Type = string | string[] | { list: Type } | { map: Type }

const MESSAGES: Readonly<Record<string, Readonly<Record<string, Type>>>> = {
  Bootstrap: { admin: 'Admin', static_resources: 'StaticResources' },
  Admin: { address: 'Address' },
  StaticResources: { listeners: { list: 'Listener' }, clusters: { list: 'Cluster' } },
  Address: { socket_address: 'SocketAddress' },
  SocketAddress: { address: 'string', port_value: 'uint32', ipv4_compat: 'bool' },
  Listener: {
    name: 'string',
    address: 'Address',
    per_connection_buffer_limit_bytes: 'uint32',
    filter_chains: { list: 'FilterChain' },
  },
  FilterChain: { filters: { list: 'Filter' } },
  Filter: { name: 'string', typed_config: 'Any' },
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager': {
    stat_prefix: 'string',
    codec_type: ['AUTO', 'HTTP1', 'HTTP2', 'HTTP3'],
    server_header_transformation: ['OVERWRITE', 'APPEND_IF_ABSENT', 'PASS_THROUGH'],
    preserve_external_request_id: 'bool',
    normalize_path: 'bool',
    stream_idle_timeout: 'duration',
    upgrade_configs: { list: 'UpgradeConfig' },
    access_log: { list: 'Filter' },
    http_filters: { list: 'Filter' },
    route_config: 'RouteConfiguration',
  },
  UpgradeConfig: { upgrade_type: 'string' },
  'envoy.extensions.access_loggers.stream.v3.StdoutAccessLog': { log_format: 'SubstitutionFormatString' },
  SubstitutionFormatString: { json_format: { map: 'string' } },
  'envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit': {
    stat_prefix: 'string',
    token_bucket: 'TokenBucket',
    filter_enabled: 'RuntimeFractionalPercent',
    filter_enforced: 'RuntimeFractionalPercent',
  },
  TokenBucket: { max_tokens: 'uint32', tokens_per_fill: 'uint32', fill_interval: 'duration' },
  RuntimeFractionalPercent: { default_value: 'FractionalPercent' },
  FractionalPercent: { numerator: 'uint32', denominator: ['HUNDRED', 'TEN_THOUSAND', 'MILLION'] },
  'envoy.extensions.filters.http.router.v3.Router': {},
  RouteConfiguration: { name: 'string', virtual_hosts: { list: 'VirtualHost' } },
  VirtualHost: { name: 'string', domains: { list: 'string' }, routes: { list: 'Route' } },
  Route: { match: 'RouteMatch', route: 'RouteAction' },
  RouteMatch: { prefix: 'string', path: 'string' },
  RouteAction: { cluster: 'string', timeout: 'duration', retry_policy: 'RetryPolicy' },
  RetryPolicy: { retry_on: 'string', num_retries: 'uint32', per_try_timeout: 'duration' },
  Cluster: {
    name: 'string',
    type: ['STATIC', 'STRICT_DNS', 'LOGICAL_DNS', 'EDS', 'ORIGINAL_DST'],
    connect_timeout: 'duration',
    typed_extension_protocol_options: { map: 'Any' },
    circuit_breakers: 'CircuitBreakers',
    load_assignment: 'ClusterLoadAssignment',
  },
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
    common_http_protocol_options: 'CommonOptions',
    use_downstream_protocol_config: 'UseDownstreamHttpConfig',
  },
  CommonOptions: { idle_timeout: 'duration' },
  UseDownstreamHttpConfig: { http_protocol_options: 'Empty', http2_protocol_options: 'Empty' },
  Empty: {},
  CircuitBreakers: { thresholds: { list: 'Thresholds' } },
  Thresholds: {
    priority: ['DEFAULT', 'HIGH'],
    max_connections: 'uint32',
    max_pending_requests: 'uint32',
    max_requests: 'uint32',
    max_retries: 'uint32',
  },
  ClusterLoadAssignment: { cluster_name: 'string', endpoints: { list: 'LocalityLbEndpoints' } },
  LocalityLbEndpoints: { lb_endpoints: { list: 'LbEndpoint' } },
  LbEndpoint: { endpoint: 'Endpoint' },
  Endpoint: { address: 'Address' },
}

const SCALARS: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  uint32: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32,
  duration: (value) => typeof value === 'string' && /^\d+(\.\d{1,9})?s$/.test(value),
}

/** What does not fit, each with its path. */
function problems(value: Json, type: Type, path: string): string[] {
  if (Array.isArray(type))
    return type.includes(value as string) ? [] : [`${path}: ${JSON.stringify(value)} is not one of ${type.join(', ')}`]
  if (typeof type === 'object' && 'list' in type) {
    return Array.isArray(value)
      ? value.flatMap((item, i) => problems(item, type.list, `${path}[${i}]`))
      : [`${path}: not a list`]
  }
  if (!isObject(value) || typeof type !== 'string') {
    if (isObject(value) && typeof type === 'object' && 'map' in type) {
      return Object.entries(value).flatMap(([key, item]) => problems(item, type.map, `${path}.${key}`))
    }
    return SCALARS[String(type)]?.(value) === true ? [] : [`${path}: ${JSON.stringify(value)} is no ${String(type)}`]
  }
  const { '@type': any, ...fields } = value
  const name = type === 'Any' ? String(any).replace('type.googleapis.com/', '') : type
  const known = MESSAGES[name]
  if (known === undefined) return [`${path}: unknown message ${name}`]
  return Object.entries(fields).flatMap(([key, item]) => {
    const field = known[key]
    return field === undefined ? [`${path}.${key}: unknown field of ${name}`] : problems(item, field, `${path}.${key}`)
  })
}

function configOf(values: Record<string, string>): Json {
  const args = sidecarOf('proxy', { appPort: '8080', ...values }).container?.['args'] as string[]
  return parse(args[args.indexOf('--config-yaml') + 1] as string, { version: '1.1' }) as Json
}

it.each<Record<string, string>>([
  {},
  { accessLog: 'false', retries: '0' },
  {
    rateLimit: '100',
    rateLimitBurst: '200',
    timeout: '15s',
    perTryTimeout: '0.5s',
    idleTimeout: '300s',
    keepAlive: '60s',
  },
  { listenAddress: '0.0.0.0', appAddress: '::1', retryOn: '5xx,reset', maxRetries: '0' },
])('every field of the configuration is one of Envoy, with a value of its type: %j', (values) => {
  expect(problems(configOf(values), 'Bootstrap', 'bootstrap')).toEqual([])
})

it('finds what is wrong', () => {
  const wrong = {
    admin: { address: { socket_adress: {} } },
    static_resources: { clusters: [{ type: 'static', connect_timeout: 5 }] },
  }
  expect(problems(wrong, 'Bootstrap', 'bootstrap')).toEqual([
    'bootstrap.admin.address.socket_adress: unknown field of Address',
    'bootstrap.static_resources.clusters[0].type: "static" is not one of STATIC, STRICT_DNS, LOGICAL_DNS, EDS, ORIGINAL_DST',
    'bootstrap.static_resources.clusters[0].connect_timeout: 5 is no duration',
  ])
})
