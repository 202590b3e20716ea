import { append } from '../common/append.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject, itemsOf } from '../json/json.ts'
import type { Template } from '../template/template.ts'

/** What a template says of its place among other sidecars (`spec.order`). */
interface Wishes {
  position: string | undefined
  before: readonly string[]
  after: readonly string[]
}

function wishesOf(template: Template): Wishes {
  const order = isObject(template.spec['order']) ? template.spec['order'] : {}
  const names = (key: string): string[] => itemsOf(order[key]).filter((name) => typeof name === 'string')
  return {
    position: typeof order['position'] === 'string' ? order['position'] : undefined,
    before: names('before'),
    after: names('after'),
  }
}

/**
 * Puts templates in the order in which their sidecars are injected: the order given, changed only as far as
 * `first`, `last`, `before` and `after` ask for. The same templates always come out in the same order.
 */
export function orderTemplates(templates: readonly Template[]): { templates: Template[]; diagnostics: Diagnostic[] } {
  const wishes = new Map(templates.map((t) => [t.name, wishesOf(t)]))
  const rank = (t: Template): number => ({ first: 0, last: 2 })[wishes.get(t.name)?.position ?? ''] ?? 1
  const waiting = templates.toSorted((a, b) => rank(a) - rank(b))
  const out: Template[] = []
  while (waiting.length > 0) {
    const free = waiting.findIndex((t) => !waiting.some((other) => other !== t && mustPrecede(other, t, wishes)))
    if (free < 0) {
      const names = waiting.map((t) => t.name).join(', ')
      return {
        templates: out,
        diagnostics: [
          diagnostic('SIDECAR_ORDER', `ordering cycle between sidecars ${names}`, {
            hint: 'change before or after in one of their templates, or select fewer of them',
          }),
        ],
      }
    }
    append(out, waiting.splice(free, 1))
  }
  return { templates: out, diagnostics: [] }
}

function mustPrecede(a: Template, b: Template, wishes: ReadonlyMap<string, Wishes>): boolean {
  return wishes.get(a.name)?.before.includes(b.name) === true || wishes.get(b.name)?.after.includes(a.name) === true
}
