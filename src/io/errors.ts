/** Node's error code, such as ENOENT; undefined for other errors. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is exceeded',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a component of the path is not a folder',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  ENXIO: 'no such device or address',
  ENOENT: 'it does not exist',
  EIO: 'input/output error',
  ERR_STRING_TOO_LONG: 'it is too large',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
}

/** The reason why a file operation failed: `permission denied`. */
export function systemReason(error: unknown): string {
  const code = errorCode(error)
  if (code !== undefined) return Object.hasOwn(WORDS, code) ? (WORDS[code] as string) : code
  return error instanceof Error ? error.message : String(error)
}

/** The temporary folder cannot be used. Nothing was printed and no file was changed. */
export class StoreError extends Error {
  readonly folder: string

  constructor(folder: string, message: string) {
    super(message)
    this.folder = folder
  }
}
