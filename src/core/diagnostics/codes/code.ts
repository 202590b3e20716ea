/** The default severity of a code, and its meaning in one line for the documentation. */
export interface CodeInfo {
  severity: 'error' | 'warning' | 'info'
  meaning: string
}

/** A code that makes a run fail, one that warns, and one that informs. */
export const error = (meaning: string): CodeInfo => ({ severity: 'error', meaning })
export const warning = (meaning: string): CodeInfo => ({ severity: 'warning', meaning })
export const info = (meaning: string): CodeInfo => ({ severity: 'info', meaning })
