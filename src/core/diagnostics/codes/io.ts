/** Trouble with files, folders, links and writing. All of them mean "could not do as asked" (exit code 2). */
export const ioCodes = () => ({
  IO_URL: { severity: 'error', meaning: 'a URL was given; the program never uses the network' },
  IO_SKIPPED: { severity: 'warning', meaning: 'something in a folder is no regular file and was not read' },
  FILE_NOT_MANIFEST: { severity: 'warning', meaning: 'a file that was named holds no manifests: it is a patch of kustomize, part of a chart or the like' },
  IO_LINK_OUTSIDE: { severity: 'error', meaning: 'a link in a folder leads out of it, to what is not read or not written' },
  IO_LOCKED: { severity: 'error', meaning: 'another run of sidecarctl is writing a file' },
  IO_NOT_KEPT: { severity: 'warning', meaning: 'a file that was replaced has lost its owner, or its other names' },
  IO_WORKFLOW_COMMAND: { severity: 'error', meaning: 'in a log of GitHub Actions the output would be taken for commands' },
  IO_INTERRUPTED: { severity: 'error', meaning: 'the run was interrupted before any file was replaced' },
  IO_LEFTOVER: { severity: 'info', meaning: 'a killed run had left files beside those it wrote; they were removed' },
  IO_EXISTS: { severity: 'error', meaning: 'a file to be made is there already' },
  IO_SINCE_ALL: { severity: 'info', meaning: 'with --since all files are looked at, as what they are judged by has changed' },
  IO_GIT: { severity: 'error', meaning: 'git could not tell which files changed' },
}) as const
