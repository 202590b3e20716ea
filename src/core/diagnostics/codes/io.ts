import { error, info, warning } from './code.ts'

/** Problems with files, folders, links and writing. Errors among them mean exit code 2. */
export const ioCodes = () => ({
  IO_URL: error('URLs are not supported; sidecarctl never uses the network'),
  IO_SKIPPED: warning('an entry of a folder is not a regular file and was not read'),
  FILE_NOT_MANIFEST: warning(
    'a file named as PATH is not a manifest, such as a kustomize patch or a file of a Helm chart; for argocd, any kustomization or chart',
  ),
  IO_LINK_OUTSIDE: error('a link in a folder leads out of it and is not followed'),
  IO_LOCKED: error('another run of sidecarctl is writing a file'),
  IO_NOT_KEPT: warning('a file that was replaced lost its owner or its other hard links'),
  IO_WORKFLOW_COMMAND: error('in a log of GitHub Actions the output would be run as workflow commands'),
  IO_INTERRUPTED: error('the run was interrupted before any file was replaced'),
  IO_LEFTOVER: info('temporary files of a killed run were removed'),
  IO_EXISTS: error('a file to create already exists'),
  IO_SINCE_ALL: info('with --since all files are checked, because a file that affects others was changed or removed'),
  IO_GIT: error('git could not list the changed files'),
})
