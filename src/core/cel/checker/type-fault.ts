/** What the API server does not compile. */
export class CelTypeFault extends Error {}
