import type { ResourceRef } from '../diagnostics/diagnostic.ts'
import type { Json } from '../json/json.ts'
import type { Origin } from '../selection/selection.ts'

/** What happened to one port of a Service that leads, or should lead, to a proxy. */
export interface ServicePortOutcome {
  /** Its port, and its protocol where that is not TCP: `80`, `53/UDP`. */
  port: string
  /** `bypasses` for one that leads past a proxy and stays so; `edited` for one that was changed by hand. */
  action: 'retargeted' | 'updated' | 'restored' | 'kept' | 'bypasses' | 'edited'
  /** Its own target, and the one it has or gets; absent for an absent `targetPort`. */
  from?: Json
  to?: Json
  /** The port of the app that stands behind the proxy. */
  app?: number
  sidecars: readonly string[]
  /** `Deployment/web`. */
  workloads: readonly string[]
  /** Why it cannot be led to the proxy, in words. */
  reason?: string
}
/** What happened to one Service; only Services of which there is something to say have one. */
export interface ServiceOutcome {
  resource: ResourceRef
  /** 0-based index of its document in the input. */
  document: number
  /** 0-based offset of the object in the input's text. */
  offset: number
  /** `skipped` for one that was not compared, as it or its proxy is not part of the run. */
  status: 'updated' | 'up to date' | 'left' | 'skipped'
  ports: readonly ServicePortOutcome[]
  /** Who asked for Services to lead to proxies; absent where nobody did. */
  origin?: Origin
}
