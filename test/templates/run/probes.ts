import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { list, map } from './pod.ts'

export interface ProbeHost {
  exec(command: readonly string[], seconds: number): Promise<boolean>
  /** Asks for a page of the container; whether its status was from 200 to 399. */
  get(port: string, path: string, seconds: number): Promise<boolean>
  /** Called when the container must be started again. */
  unhealthy(): void
}

export interface Probes {
  started: boolean
  ready: boolean
  /** The container was started again. */
  again(): void
  stop(): void
}

/**
 * Probes a container at the times and with the thresholds of Kubernetes (pkg/kubelet/prober): liveness and readiness
 * begin when the startup probe has passed.
 */
export function runProbes(container: JsonObject, host: ProbeHost): Probes {
  const probes: Probes = { started: false, ready: false, again, stop }
  let round = 0

  function again(): void {
    round++
    probes.started = container['startupProbe'] === undefined
    probes.ready = false
    void follow('startupProbe', round, () => {
      probes.started = true
      if (container['readinessProbe'] === undefined) probes.ready = true
      void follow('livenessProbe', round)
      void follow('readinessProbe', round)
    })
  }

  function stop(): void {
    round++
  }

  async function follow(kind: string, mine: number, passed?: () => void): Promise<void> {
    const probe = map(container[kind])
    if (container[kind] === undefined) return passed?.()
    const seconds = (key: string, other: number): number => Number(probe[key] ?? other)
    await sleep(seconds('initialDelaySeconds', 0) * 1000)
    for (let failures = 0; mine === round;) {
      const good = await attempt(container, probe, host, seconds('timeoutSeconds', 1))
      if (mine !== round) return
      if (good && passed !== undefined) return passed()
      failures = good ? 0 : failures + 1
      const down = failures >= seconds('failureThreshold', 3)
      if (kind === 'readinessProbe' && (good || down)) probes.ready = good
      else if (down && !good) return host.unhealthy()
      await sleep(seconds('periodSeconds', 10) * 1000)
    }
  }

  again()
  return probes
}

async function attempt(container: JsonObject, probe: JsonObject, host: ProbeHost, seconds: number): Promise<boolean> {
  const { command } = map(probe['exec'])
  try {
    if (Array.isArray(command)) return await host.exec(command.map(String), seconds)
    const { path, port } = map(probe['httpGet'])
    const number = list(container['ports']).find((one) => one['name'] === port)?.['containerPort'] ?? port
    return await host.get(String(number), String(path), seconds)
  } catch {
    return false
  }
}
