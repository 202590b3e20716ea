import { scalarText } from '../yaml/edit/serialize.ts'

/** The workloads and sidecars in a repository, for a starter policy. */
export interface Survey {
  /** Number of workloads by kind. */
  kinds: ReadonlyMap<string, number>
  /** Number of workloads by namespace; those without one under an empty name. */
  namespaces: ReadonlyMap<string, number>
  /** Sidecars that sidecarctl has already added. */
  sidecars: ReadonlySet<string>
  /** Paths of files that are not valid manifests. */
  invalidFiles: readonly string[]
  /** Paths of all other manifests. */
  validFiles: readonly string[]
}

/** The Kubernetes version in a starter policy: a minor version; a comment unless the user gave it. */
interface StarterVersion {
  minor: number
  isGiven: boolean
}

/** Folders on the way to a file, the topmost first. */
function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1)
  return names.map((_, n) => names.slice(0, n + 1).join('/'))
}

/**
 * Patterns that exclude files: a folder with several of them and no other manifest as a whole, so that files that are
 * added to it later are excluded too. Both lists are relative to the folder of the policy.
 */
export function excludePatterns(invalid: readonly string[], valid: readonly string[]): string[] {
  const mixed = new Set(valid.flatMap(foldersOf))
  const counts = new Map<string, number>()
  for (const folder of invalid.flatMap(foldersOf)) counts.set(folder, (counts.get(folder) ?? 0) + 1)
  const isWhole = (folder: string): boolean => !mixed.has(folder) && (counts.get(folder) ?? 0) > 1
  const patterns = invalid.map((path) => {
    const folder = foldersOf(path).find(isWhole)
    // Patterns cannot escape a star; a question mark matches it, too.
    return (folder ?? path).replaceAll('*', '?') + (folder === undefined ? '' : '/**')
  })
  return [...new Set(patterns)]
}

function counts(survey: ReadonlyMap<string, number>): string {
  return [...survey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${comment(name)} (${count})`)
    .join(', ')
}

/** A name in a comment: nothing in it may end the line. */
function comment(name: string): string {
  return name === '' ? 'none given' : name.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
}

/**
 * A policy file to start from, with comments on what else it can hold. Sidecars that are in the manifests but not
 * `known`, whose templates must be elsewhere, are named in a comment: a rule that adds them would be an error.
 */
export function starterPolicy(survey: Survey, version: StarterVersion, known: readonly string[]): string {
  const present = [...survey.sidecars].sort()
  const chosen = present.filter((name) => known.includes(name))
  const others = present.filter((name) => !known.includes(name))
  const already =
    chosen.length > 0 ? 'The manifests have these sidecars already.' : 'sidecarctl templates list names more sidecars.'
  const more =
    others.length === 0
      ? ''
      : `\n      # They also have ${comment(others.join(', '))}. Add them when their templates are named above.`
  if (chosen.length === 0) chosen.push('logging')
  const patterns = excludePatterns(survey.invalidFiles, survey.validFiles)
  const paths =
    patterns.length === 0
      ? '    # paths: [vendor/**]\n\n'
      : `    # Files that kubectl could not read as manifests.\n    paths:\n${patterns.map((path) => `      - ${scalarText(path)}\n`).join('')}\n`
  return `# The policy of this repository: which workloads get which sidecars. sidecarctl uses it in this folder and below.
#
#   sidecarctl explain -R .     what each workload gets, and why
#   sidecarctl check -R .       report workloads that are not up to date
#   sidecarctl inject -R . -w   bring them up to date
#   sidecarctl init --docs      every field of this file, with examples
#
# Workloads found: ${survey.kinds.size === 0 ? 'none' : counts(survey.kinds)}.
# Namespaces found: ${survey.namespaces.size === 0 ? 'none' : counts(survey.namespaces)}.
apiVersion: sidecarctl.dev/v1
kind: Policy
spec:
  # Kubernetes version of the clusters; without it, the newest known is assumed.
  ${version.isGiven ? '' : '# '}kubernetesVersion: "1.${version.minor}"

  # Take placeholders of Flux and envsubst, such as \${replicas:=1}, as valid values.
  # allowPlaceholders: true

  # Folders with your own templates, relative to this file. Start one with: sidecarctl templates new NAME
  # templates: [sidecars]

  # Workloads that are never changed, whatever flags and annotations say.
  exclude:
    namespaces: [kube-system]
${paths}  # Parameters and modes for all workloads. Rules, annotations and flags override them.
  # parameters:
  #   logging: {folder: /var/log/app}
  # modes:
  #   proxy: native

  # Images of the sidecars: from a mirror, with pull secrets, and pinned by digest (sidecarctl templates images lists them).
  # images:
  #   registry: registry.example.com/mirror
  #   pullSecrets: [mirror]
  #   pins: {"busybox:1.37.0": "sha256:${'0123456789abcdef'.repeat(4)}"}

  # Leave user and group IDs to the cluster, as OpenShift requires.
  # security: {assignUids: false}

  # Versions of templates: another one, after an upgrade of sidecarctl, is an error.
  # versions: {logging: "1"}

  # Set the targetPort of Services in front of a workload with a proxy to the proxy.
  # services: {retarget: true}

  # Every rule that matches a workload applies to it, in order. A rule without match is for all workloads.
  rules:
    - name: all workloads
      # ${already}${more}
      add: [${chosen.map((name) => scalarText(name, true)).join(', ')}]

    # A sidecar with parameters and a mode, for some workloads. All conditions must hold.
    # - name: front ends
    #   match:
    #     kinds: [Deployment, StatefulSet]
    #     namespaces: [shop, "shop-*"]
    #     names: ["web-*"]
    #     labels: app=web,tier!=db
    #     annotations: {team: "*"}
    #     paths: [apps/**]
    #   add:
    #     - name: metrics
    #       parameters: {port: 9090}
    #       mode: native
    #   containers: [web]   # which app containers get folders, variables and mounts

    # Leave out what an earlier rule added.
    # - name: no logs for databases
    #   match: {labels: tier=db}
    #   exclude: [logging]

  # Further kinds with a pod template.
  # workloadKinds:
  #   - {group: batch.volcano.sh, kind: Job, podTemplatePath: "spec.tasks[*].template"}
  #   With inline: true the path leads to a pod spec itself.
  #   - {group: example.com, kind: Server, podTemplatePath: spec.server, inline: true}
`
}
