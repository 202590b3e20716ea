/** Thrown for an expression that the API server does not compile; the message says why. */
export class CelTypeFault extends Error {}
