import { LIMITS } from '../core/common/limits.ts'
import type { Host } from '../io/host.ts'
import type { ReportEnv } from '../report/diagnostics.ts'
import { loadColors } from '../report/colors.ts'
import type { CommonOptions } from './commands/shared-options.ts'

/** Loads colours if a stream gets them. */
export async function loadColorsFor({ color }: Pick<CommonOptions, 'color'>): Promise<void> {
  if (color.stderr || color.stdout) await loadColors()
}

/** How a report on a stream looks. The stream is queried only when something is reported, because most runs report little. */
export function reportEnv(
  host: Host,
  options: Pick<CommonOptions, 'color' | 'verbosity'> & Partial<Pick<CommonOptions, 'maxFindings'>>,
  stream: 'stdout' | 'stderr' = 'stderr',
): ReportEnv {
  return {
    get color() {
      return options.color[stream]
    },
    get width() {
      return host[stream].columns ?? 100
    },
    verbosity: options.verbosity,
    maxFindings: options.maxFindings ?? LIMITS.findings.value,
  }
}
