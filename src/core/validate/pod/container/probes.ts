import { at, forbidden, invalid, type PartRule, type PodScope, unsupported } from '../scope.ts'
import { childOf, isSet, numberOf, optionalText, type Part, partOf } from '../values.ts'
import { checkHandler, LIFECYCLE_HANDLERS, PROBE_HANDLERS } from './handlers.ts'

const PLAIN =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP ' +
  'TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'

const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i + 1}`)

/** Stop signals of Linux containers, real-time ones included. Source: `supportedStopSignalsLinux`. */
export const LINUX_SIGNALS: readonly string[] = [
  ...PLAIN.split(' ').map((name) => `SIG${name}`),
  ...numbered('SIGRTMIN+', 15),
  ...numbered('SIGRTMAX-', 14),
]

/** Source: `supportedStopSignalsWindows`. */
const WINDOWS_SIGNALS: readonly string[] = ['SIGKILL', 'SIGTERM']

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const
const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold']

/** Probes and lifecycle of a regular container or a native sidecar. */
export const probesAndLifecycle: PartRule = (container, pod) => {
  for (const name of PROBES) {
    const probe = partOf(container, name)
    if (probe !== undefined) checkProbe(probe, name, pod)
  }
  const lifecycle = partOf(container, 'lifecycle')
  if (lifecycle !== undefined) checkLifecycle(lifecycle, pod)
}

/** Source: `validateProbe`, `validateLivenessProbe`, `validateReadinessProbe`, `validateStartupProbe`. */
function checkProbe(probe: Part, name: (typeof PROBES)[number], pod: PodScope): void {
  checkHandler(probe, PROBE_HANDLERS, name, pod)
  for (let n = 0; n < COUNTS.length; n++) {
    const field = COUNTS[n] as string
    const value = numberOf(probe.data, field) ?? 0
    if (value < 0)
      invalid(pod, 'PROBE_VALUE_INVALID', at(probe.path, field), value, ['must be greater than or equal to 0'])
  }
  // Zero means unset, which is 1.
  const threshold = numberOf(probe.data, 'successThreshold') ?? 0
  if (name !== 'readinessProbe' && threshold !== 0 && threshold !== 1) {
    const hint = 'remove it; only readiness probes can ask for more'
    invalid(pod, 'PROBE_VALUE_INVALID', at(probe.path, 'successThreshold'), threshold, ['must be 1'], hint)
  }
  const grace = numberOf(probe.data, 'terminationGracePeriodSeconds')
  if (grace === undefined) return
  const path = at(probe.path, 'terminationGracePeriodSeconds')
  if (grace <= 0) invalid(pod, 'PROBE_VALUE_INVALID', path, grace, ['must be greater than 0'])
  if (name === 'readinessProbe') forbidden(pod, 'PROBE_VALUE_INVALID', path, 'must not be set for readinessProbes')
}

/** Source: `validateLifecycle`, `validateStopSignal` (KEP-4960). */
function checkLifecycle(lifecycle: Part, pod: PodScope): void {
  for (const hook of ['postStart', 'preStop']) {
    const part = partOf(lifecycle, hook)
    if (part !== undefined) checkHandler(part, LIFECYCLE_HANDLERS, hook, pod)
  }
  const signal = optionalText(lifecycle.data, 'stopSignal')
  if (signal === undefined) return
  const path = at(lifecycle.path, 'stopSignal')
  const os = childOf(pod.spec.data, 'os')
  const osName = os && optionalText(os, 'name')
  if (os === undefined) {
    const message = 'may not be set for containers with empty `spec.os.name`'
    forbidden(pod, 'LIFECYCLE_STOP_SIGNAL', path, message, 'set os.name')
  } else if (osName === 'windows' && !WINDOWS_SIGNALS.includes(signal)) {
    unsupported(pod, 'LIFECYCLE_STOP_SIGNAL', path, signal, WINDOWS_SIGNALS)
  } else if (osName === 'linux' && !LINUX_SIGNALS.includes(signal)) {
    unsupported(pod, 'LIFECYCLE_STOP_SIGNAL', path, signal, LINUX_SIGNALS)
  }
}

/**
 * Forbids probes and lifecycle in init containers that are not native sidecars.
 * Source: `validateInitContainers` (KEP-753).
 */
export const noProbesOnInit: PartRule = (container, pod) => {
  for (const field of ['lifecycle', ...PROBES]) {
    if (!isSet(container.data, field)) continue
    const message = `${field} may not be set for init containers without restartPolicy=Always`
    const hint = 'remove it, or make the container a native sidecar with restartPolicy: Always'
    forbidden(pod, 'INIT_FIELD_FORBIDDEN', at(container.path, field), message, hint)
  }
}
