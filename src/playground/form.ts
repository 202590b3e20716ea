import type { ParameterSpec, Template } from '../core/template/template.ts'
import { byId, element } from './dom.ts'
import type { Choice } from './engine.ts'

/** The form of sidecars and their parameters, made from the templates. */
export class SidecarForm {
  readonly #templates: readonly Template[]

  /** @param onChange called after every change */
  constructor(templates: readonly Template[], onChange: () => void) {
    this.#templates = templates
    const root = byId('sidecars')
    root.append(...templates.map((template) => sidecarField(template))) // bounded: the built-in templates
    root.addEventListener('input', () => {
      this.#showParameters()
      onChange()
    })
  }

  /** Names of the chosen sidecars and the values that were set, as they were typed. */
  read(): Pick<Choice, 'sidecars' | 'values'> {
    const chosen = this.#templates.filter(({ name }) => checkbox(name).checked)
    const values = chosen.map(({ name, parameters }) => {
      const set = [...parameters.keys()]
        .map((parameter): [string, string] => [parameter, control(name, parameter).value])
        .filter(([, value]) => value !== '')
      return [name, new Map(set)] as const
    })
    return { sidecars: chosen.map(({ name }) => name), values: new Map(values) }
  }

  /** Sets the form; what no template has is left out. */
  write({ sidecars, values }: Pick<Choice, 'sidecars' | 'values'>): void {
    for (const { name, parameters } of this.#templates) {
      checkbox(name).checked = sidecars.includes(name)
      for (const parameter of parameters.keys()) control(name, parameter).value = values.get(name)?.get(parameter) ?? ''
    }
    this.#showParameters()
  }

  #showParameters(): void {
    for (const { name } of this.#templates) byId(`parameters-${name}`).hidden = !checkbox(name).checked
  }
}

function checkbox(sidecar: string): HTMLInputElement {
  return byId<HTMLInputElement>(`sidecar-${sidecar}`)
}

function control(sidecar: string, parameter: string): HTMLInputElement | HTMLSelectElement {
  return byId<HTMLInputElement>(`value-${sidecar}-${parameter}`)
}

function sidecarField({ name, description, parameters }: Template): HTMLElement {
  const field = element('fieldset')
  const row = element('p', { className: 'check' })
  const box = element('input')
  Object.assign(box, { type: 'checkbox', id: `sidecar-${name}` })
  const label = element('label', { text: name })
  label.htmlFor = box.id
  const about = element('p', { className: 'about', text: description })
  about.id = `about-${name}`
  box.setAttribute('aria-describedby', about.id)
  row.append(box, label)
  const more = element('details')
  more.id = `parameters-${name}`
  more.hidden = true
  more.append(element('summary', { text: `Parameters of ${name}` }))
  for (const spec of parameters.values()) more.append(parameterField(name, spec))
  // What must be given is shown at once.
  more.open = [...parameters.values()].some(({ required, default: given }) => required && given === undefined)
  field.append(row, about, more)
  return field
}

/** A field for one parameter. An empty one is not set, so the default shows as its placeholder. */
function parameterField(sidecar: string, spec: ParameterSpec): HTMLElement {
  const field = element('p', { className: 'field' })
  const id = `value-${sidecar}-${spec.name}`
  const label = element('label', { text: spec.required ? `${spec.name} (required)` : spec.name })
  label.htmlFor = id
  const about = element('span', { className: 'about', text: `${spec.description} ${typeText(spec)}` })
  about.id = `${id}-about`
  const input = controlOf(spec)
  input.id = id
  input.setAttribute('aria-describedby', about.id)
  if (spec.required) input.setAttribute('aria-required', 'true')
  field.append(label, input, about)
  return field
}

/** The default of a parameter, or an example, as it would be typed. */
function hintOf({ default: given, example }: ParameterSpec): string {
  if (given !== undefined) return textOf(given)
  return example === undefined ? '' : `for example ${textOf(example)}`
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function controlOf(spec: ParameterSpec): HTMLInputElement | HTMLSelectElement {
  const words = spec.enum?.map(textOf) ?? (spec.type === 'boolean' ? ['true', 'false'] : undefined)
  const hint = hintOf(spec)
  if (words !== undefined) {
    const select = element('select')
    select.append(option('', hint === '' ? 'not set' : `default: ${hint}`))
    for (const word of words) select.append(option(word, word))
    return select
  }
  const input = element('input')
  input.type = 'text'
  if (NUMBERS.has(spec.type)) input.inputMode = 'numeric'
  input.placeholder = hint
  input.spellcheck = false
  input.autocapitalize = 'off'
  return input
}

const NUMBERS: ReadonlySet<string> = new Set(['integer', 'number', 'port'])

function option(value: string, text: string): HTMLOptionElement {
  const made = element('option', { text })
  made.value = value
  return made
}

/** What a value must be, in a few words. */
function typeText({ type, minimum, maximum }: ParameterSpec): string {
  const words =
    type === 'array' ? 'A list: a,b or ["a","b"]' : type === 'object' ? 'A map as JSON' : `A value of type ${type}`
  const limits = [minimum === undefined ? '' : `from ${minimum}`, maximum === undefined ? '' : `to ${maximum}`].filter(
    (text) => text !== '',
  )
  return `${[words, ...limits].join(' ')}.`
}
