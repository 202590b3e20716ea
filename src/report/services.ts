import { textOf, type Json } from '../core/json/json.ts'
import type { FileResult } from '../core/inject/result.ts'
import type { ServiceOutcome, ServicePortOutcome } from '../core/services/service-outcome.ts'
import { escapeText } from './escape.ts'
import { originText } from './origin.ts'

/** Why a Service is skipped. */
export const SERVICE_SKIPPED = 'it or its proxy is not part of this run'

/** The Services of a result; empty if there is no proxy. */
export function servicesOf({ services = [] }: FileResult): readonly ServiceOutcome[] {
  return services
}

function target(value: Json | undefined): string {
  return value === undefined ? 'absent' : escapeText(textOf(value))
}

function names(port: ServicePortOutcome): string {
  return port.sidecars.map(escapeText).join(', ')
}

function change({ from, to }: ServicePortOutcome): string {
  return `${target(from)} -> ${target(to)}`
}

/** The result for a port, for the summary. */
const DONE: Partial<Record<ServicePortOutcome['action'], (port: ServicePortOutcome) => string>> = {
  retargeted: (port) => `port ${port.port} retargeted to ${names(port)}: targetPort ${change(port)}`,
  updated: (port) => `port ${port.port} updated to ${names(port)}: targetPort ${change(port)}`,
  restored: (port) => `port ${port.port} restored: targetPort ${change(port)}`,
}

/** The changes of a Service in words, one per port. */
export function serviceChanges({ ports }: ServiceOutcome): string[] {
  return ports.flatMap((port) => DONE[port.action]?.(port) ?? [])
}

/** The difference between a Service and what `inject` would make of it, for ports that are not up to date. */
const DRIFTS: Partial<Record<ServicePortOutcome['action'], (port: ServicePortOutcome) => string>> = {
  retargeted: (port) =>
    `port ${port.port} is outdated: it sends to ${target(port.from ?? port.app)}, bypassing ${names(port)}, and should send to ${target(port.to)}`,
  updated: (port) =>
    `port ${port.port} is outdated: it sends to ${target(port.from)}, and ${names(port)} now listens on ${target(port.to)}`,
  restored: (port) =>
    `port ${port.port} is left over: it sends to ${target(port.from)}, and retargeting to ${names(port)} is not requested`,
}

/** A difference between a Service and what `inject` would make of it. */
export function serviceDrifts({
  ports,
  status,
}: ServiceOutcome): { kind: 'outdated' | 'left over' | 'outdated record'; text: string }[] {
  const found = ports.flatMap((port) => {
    const text = DRIFTS[port.action]?.(port)
    return text === undefined
      ? []
      : [{ kind: port.action === 'restored' ? ('left over' as const) : ('outdated' as const), text }]
  })
  if (found.length > 0 || status !== 'updated') return found
  return [{ kind: 'outdated record', text: 'the record of what was retargeted is not up to date' }]
}

/** Explains the target of a port. */
const REASONS: Record<ServicePortOutcome['action'], (port: ServicePortOutcome, by: string) => string> = {
  retargeted: (port, by) => `to be retargeted to ${goal(port)} (targetPort ${change(port)})${by}`,
  updated: (port, by) => `to be updated to ${goal(port)} (targetPort ${change(port)})${by}`,
  restored: (port) => `to be restored: no longer retargeted to ${names(port)} (targetPort ${change(port)})`,
  kept: (port, by) =>
    `retargeted to ${goal(port)} (targetPort ${target(port.to)}, originally ${target(port.from)})${by}`,
  bypasses: (port) => `bypasses ${goal(port)}: ${port.reason ?? 'retargeting is not requested'}`,
  edited: (port) => `not changed: its targetPort was edited by hand from ${target(port.from)} to ${target(port.to)}`,
}

function goal(port: ServicePortOutcome): string {
  const { workloads, app } = port
  const of = workloads.length === 0 ? '' : ` of ${workloads.map((id) => escapeText(id.replace('/', ' '))).join(', ')}`
  return `${names(port)}${of}${app === undefined ? '' : `, in front of port ${app}`}`
}

/** A line per port of a Service: its target, and what requested it. */
export function serviceReasons({ ports, origin }: ServiceOutcome): string[] {
  const by = origin === undefined ? '' : `, by ${originText(origin)}`
  return ports.map((port) => `port ${port.port}: ${REASONS[port.action](port, by)}`)
}
