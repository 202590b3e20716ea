import { isObject, type Json } from '../json/json.ts'

/** Containers that other injectors put into pods: not the app's, and never touched. Matched by name. */
const FOREIGN_NAMES: ReadonlySet<string> = new Set([
  'istio-proxy',
  'istio-init',
  'istio-validation',
  'linkerd-proxy',
  'linkerd-init',
  'linkerd-network-validator',
  'linkerd-debug',
  'vault-agent',
  'vault-agent-init',
  'consul-dataplane',
  'consul-connect-inject-init',
  'envoy-sidecar',
  'kuma-sidecar',
  'kuma-init',
  'daprd',
  'otc-container',
  'opentelemetry-auto-instrumentation',
  'cloud-sql-proxy',
  'cloudsql-proxy',
  'datadog-agent-injected',
  'osm-init',
  'aws-xray-daemon',
  'xray-daemon',
])

/** Repositories of other meshes' proxies, for sidecars under a name of the user's. Matched in the image. */
const FOREIGN_IMAGES = /(?:^|\/)(?:istio\/proxyv2|linkerd\/proxy|linkerd\/proxy-init|daprio\/daprd|kuma-dp)(?::|@|$)/

/** True for a container that another tool's injector put in. */
export function isKnownInjectorContainer(container: Json): boolean {
  if (!isObject(container)) return false
  const { name, image } = container
  if (typeof name === 'string' && FOREIGN_NAMES.has(name)) return true
  return typeof image === 'string' && FOREIGN_IMAGES.test(image)
}

/** The names of such containers, for exports. */
export function knownInjectorNames(): readonly string[] {
  return [...FOREIGN_NAMES]
}

/** The pattern of such images, which RE2 takes as well. */
export function knownInjectorImages(): string {
  return FOREIGN_IMAGES.source.replaceAll('\\/', '/')
}
