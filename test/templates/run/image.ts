import { find } from '../program.ts'

/** What a container image brings, as far as a program of this machine can stand for it. */
export interface Image {
  /** Programs of this machine that it needs. */
  programs: readonly string[]
  entrypoint: readonly string[]
  /** Whether its shell and tools are BusyBox's. */
  busybox: boolean
  stopSignal: NodeJS.Signals
  env: Readonly<Record<string, string>>
  /** Scripts that stand before programs of this machine which are older than the image's. */
  scripts: Readonly<Record<string, string>>
}

/** Before Git 2.46 the command `git config list` was `git config --list`. */
const GIT = `#!/bin/sh
if [ "$1 $2" = "config list" ]; then shift 2; set -- config --list "$@"; fi
exec /usr/bin/git "$@"
`

const image = (programs: readonly string[], more: Partial<Image> = {}): Image => ({
  programs,
  entrypoint: programs.slice(0, 1),
  busybox: false,
  stopSignal: 'SIGTERM',
  env: {},
  scripts: {},
  ...more,
})

/** By the image's name without registry and tag: entrypoint, shell and stop signal as its Dockerfile has them. */
const IMAGES: Readonly<Record<string, Image>> = {
  'fluent/fluent-bit': image(['fluent-bit']),
  'fluent/fluentd': image(['fluentd']),
  'rclone/rclone': image(['rclone', 'busybox'], { busybox: true }),
  'git-sync/git-sync': image(['git-sync', 'git'], { env: { HOME: '/tmp' }, scripts: { git: GIT } }),
  haproxy: image(['haproxy', 'busybox'], { busybox: true, stopSignal: 'SIGUSR1' }),
  'curlimages/curl': image(['curl', 'busybox'], { busybox: true }),
  busybox: image(['busybox'], { busybox: true }),
  'nginx/nginx-prometheus-exporter': image(['prometheus-nginx-exporter']),
  'prometheus/node-exporter': image(['prometheus-node-exporter']),
  'prometheus/statsd-exporter': image(['prometheus-statsd-exporter']),
}

/** The stand-in for an image such as `haproxy:3.2-alpine`. */
export function imageOf(reference: string): Image {
  const found = IMAGES[reference.replace(/:[^/]*$/, '').replace(/^[^/]*\.[^/]*\//, '')]
  if (found === undefined) throw new Error(`no program stands for the image ${reference}`)
  return found
}

/** What keeps a container of an image from being run here, for a test's title; empty where nothing does. */
export function obstacle(reference: string): string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return ' (skipped: needs Linux and root for namespaces)'
  const absent = [...imageOf(reference).programs, 'unshare', 'nsenter', 'setpriv', 'chroot'].filter(
    (name) => find(name) === undefined,
  )
  return absent.length === 0 ? '' : ` (skipped: ${absent.join(', ')} not found)`
}
