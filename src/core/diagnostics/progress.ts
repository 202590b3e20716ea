export type ProgressPart = 'reading' | 'processing' | 'checking' | 'writing'
/**
 * Called before each input is processed, so that progress can be shown. It does not affect the result, and
 * must be cheap, because it is called for every input.
 * @param part the current stage
 * @param n the input's number, from 1
 * @param of the number of inputs
 */
export type ProgressHook = (part: ProgressPart, n: number, of: number, label: string) => void
