
export type ProgressPart = 'reading' | 'working on' | 'checking' | 'writing'
/**
 * Told of each input before it is taken up, so that a person who waits can be told. It changes nothing of the work, and
 * is called for every input, so it costs next to nothing.
 * @param part what is done with all inputs in turn
 * @param n the input's number, from 1
 * @param of how many there are
 */
export type ProgressHook = (part: ProgressPart, n: number, of: number, label: string) => void
