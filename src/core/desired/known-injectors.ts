import { wordSet } from '../common/words.ts'
import { isObject, type Json } from '../json/json.ts'

/** Names of containers that other injectors add: they are not the app's, and never changed. */
const FOREIGN_NAMES = wordSet(`
  istio-proxy istio-init istio-validation linkerd-proxy linkerd-init linkerd-network-validator linkerd-debug
  vault-agent vault-agent-init consul-dataplane consul-connect-inject-init envoy-sidecar kuma-sidecar kuma-init daprd
  otc-container opentelemetry-auto-instrumentation cloud-sql-proxy cloudsql-proxy datadog-agent-injected osm-init
  aws-xray-daemon xray-daemon
`)

/** Image repositories of other injectors' proxies, for containers that the user named. */
const FOREIGN_IMAGES = /(?:^|\/)(?:istio\/proxyv2|linkerd\/proxy|linkerd\/proxy-init|daprio\/daprd|kuma-dp)(?::|@|$)/

/** True for a container that another injector added. */
export function isKnownInjectorContainer(container: Json): boolean {
  if (!isObject(container)) return false
  const { name, image } = container
  if (typeof name === 'string' && FOREIGN_NAMES.has(name)) return true
  return typeof image === 'string' && FOREIGN_IMAGES.test(image)
}

/** The container names of known injectors, for exports. */
export function knownInjectorNames(): readonly string[] {
  return [...FOREIGN_NAMES]
}

/** The pattern of known injectors' images, which is valid in RE2 as well. */
export function knownInjectorImages(): string {
  return FOREIGN_IMAGES.source.replaceAll('\\/', '/')
}
