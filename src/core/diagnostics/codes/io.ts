/** Problems with files, folders, links and writing. Errors among them mean exit code 2. */
export const ioCodes = () =>
  ({
    IO_URL: { severity: 'error', meaning: 'URLs are not supported; sidecarctl never uses the network' },
    IO_SKIPPED: { severity: 'warning', meaning: 'an entry of a folder is not a regular file and was not read' },
    FILE_NOT_MANIFEST: {
      severity: 'warning',
      meaning:
        'a file named as PATH is not a manifest, such as a kustomize patch or a file of a Helm chart; for argocd, any kustomization or chart',
    },
    IO_LINK_OUTSIDE: { severity: 'error', meaning: 'a link in a folder leads out of it and is not followed' },
    IO_LOCKED: { severity: 'error', meaning: 'another run of sidecarctl is writing a file' },
    IO_NOT_KEPT: { severity: 'warning', meaning: 'a file that was replaced lost its owner or its other hard links' },
    IO_WORKFLOW_COMMAND: {
      severity: 'error',
      meaning: 'in a log of GitHub Actions the output would be run as workflow commands',
    },
    IO_INTERRUPTED: { severity: 'error', meaning: 'the run was interrupted before any file was replaced' },
    IO_LEFTOVER: { severity: 'info', meaning: 'temporary files of a killed run were removed' },
    IO_EXISTS: { severity: 'error', meaning: 'a file to create already exists' },
    IO_SINCE_ALL: {
      severity: 'info',
      meaning: 'with --since all files are checked, because a file that affects others was changed or removed',
    },
    IO_GIT: { severity: 'error', meaning: 'git could not list the changed files' },
  }) as const
