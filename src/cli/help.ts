import { helpToCheck } from '../core/check/index.ts'
import { packResult, unpackTask } from '../core/check/share.ts'
import type { PackedResult, PackedTask } from '../core/check/types.ts'
import type { Host } from '../io/host.ts'
import { schemaLoader } from '../io/schemas.ts'

/** What a second thread does for the first: it checks units of the inputs, and sends back what it found. */
export async function help(host: Pick<Host, 'fs' | 'schemasFolder' | 'serve'>): Promise<void> {
  await host.serve(async (task, next) => {
    const packed: PackedResult[] = []
    await helpToCheck(unpackTask(task as PackedTask), schemaLoader(host), next, (n, result) => packed.push(packResult(n, result)))
    return packed
  })
}
