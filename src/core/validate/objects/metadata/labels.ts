import { labelValue, qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'

/**
 * Labels: every key a qualified name, every value a label value. The API server names the whole map; the finding points
 * at the label itself.
 * Source: apimachinery meta/v1/validation ValidateLabels.
 *
 * @param printed the field that messages of the API server name for the map, if another
 * @param except the key of a label that is not validated
 */
export function labels(map: Field, printed: Field = map, except?: string): void {
  for (const key of map.keys()) {
    if (key === except) continue
    const label = map.get(key)
    report(printed, label, key, qualifiedName(key), 'key')
    if (label.text !== undefined) report(printed, label, label.text, labelValue(label.text), 'value')
  }
}

function report(printed: Field, at: Field, shown: string, faults: readonly string[], on: 'key' | 'value'): void {
  if (faults.length === 0) return
  const what = on === 'key' ? 'label key' : 'label value'
  printed.invalid('METADATA_LABEL', `${what}: ${faults.join('; ')}`, { shown, at: at.path, on })
}
