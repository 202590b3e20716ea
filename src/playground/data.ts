/** What the build puts into the page. */
export interface PageData {
  /** The built-in templates, by their names. */
  readonly templates: Readonly<Record<string, { readonly text: string }>>
  /** The schema files of one version of Kubernetes, such as `1.36/common.json`. */
  readonly schemas: Readonly<Record<string, unknown>>
  /** The manifest that is shown first. */
  readonly sample: string
}

/** Replaced by the build (`src/build/playground.mjs`). */
export const DATA: PageData = { templates: {}, schemas: {}, sample: '' }
