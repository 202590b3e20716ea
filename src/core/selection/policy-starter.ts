import { scalarText } from '../yaml/edit/serialize.ts'

/** The workloads and sidecars in a repository, for a starter policy. */
export interface Survey {
  /** Number of workloads by kind. */
  kinds: ReadonlyMap<string, number>
  /** Number of workloads by namespace; those without one under an empty name. */
  namespaces: ReadonlyMap<string, number>
  /** Sidecars that sidecarctl has already added. */
  sidecars: ReadonlySet<string>
  /** Labels of files that are not valid manifests. */
  invalidFiles: readonly string[]
}

function counts(survey: ReadonlyMap<string, number>): string {
  return [...survey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${comment(name)} (${count})`).join(', ')
}

/** A name in a comment: nothing in it may end the line. */
function comment(name: string): string {
  return name === '' ? 'none given' : name.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
}

/**
 * A policy file to start from, with comments on everything that it can contain. Sidecars that are in the manifests but not
 * `known`, whose templates are elsewhere, are named in a comment: a rule that adds them would be an error.
 */
export function starterPolicy(survey: Survey, minor: number, known: readonly string[]): string {
  const present = [...survey.sidecars].sort()
  const chosen = present.filter((name) => known.includes(name))
  const others = present.filter((name) => !known.includes(name))
  const already = chosen.length > 0 ? 'These sidecars are already in the manifests.' : 'A sidecar to start with; sidecarctl templates list shows others.'
  const more = others.length === 0 ? '' : `\n      # Also found: ${comment(others.join(', '))}. Add them once their templates are named above.`
  if (chosen.length === 0) chosen.push('logging')
  const paths = survey.invalidFiles.length === 0
    ? '    # paths: [vendor/**]\n\n'
    : `    # These files are not manifests that kubectl can apply.\n    paths:\n${survey.invalidFiles.map((path) => `      - ${scalarText(path)}\n`).join('')}\n`
  return `# Which sidecars the workloads of this repository get. sidecarctl finds this file from every folder below.
#
#   sidecarctl explain -R .     what each workload gets, and why
#   sidecarctl check -R .       whether the manifests are so
#   sidecarctl inject -R . -w   make them so
#
# Found here: ${survey.kinds.size === 0 ? 'no workloads' : counts(survey.kinds)}.
# Namespaces: ${survey.namespaces.size === 0 ? 'none' : counts(survey.namespaces)}.
apiVersion: sidecarctl.dev/v1
kind: Policy
spec:
  # The clusters' version of Kubernetes.
  kubernetesVersion: "1.${minor}"

  # Folders with templates of your own, below this file: sidecarctl templates new NAME starts one.
  # templates: [sidecars]

  # What is never touched, whoever asks.
  exclude:
    namespaces: [kube-system]
${paths}  # Values for all workloads; rules and annotations can give others.
  # parameters:
  #   logging:
  #     folder: /var/log/app

  # Services that send to the port of an app behind a proxy send to the proxy instead.
  # services: {retarget: true}

  # Every rule that matches counts, in order. A rule without match is for all workloads.
  rules:
    - name: everywhere
      # match:
      #   kinds: [Deployment, StatefulSet]
      #   namespaces: [shop, "shop-*"]
      #   names: ["web-*"]
      #   labels: app=web,tier!=db
      #   annotations: {team: "*"}
      #   paths: [apps/**]
      # ${already}${more}
      add: [${chosen.map((name) => scalarText(name, true)).join(', ')}]
    # - name: not for databases
    #   match: {labels: tier=db}
    #   exclude: [logging]

  # Kinds of other projects with a pod template in them.
  # workloadKinds:
  #   - {group: batch.volcano.sh, kind: Job, podTemplatePath: "spec.tasks[*].template"}
  #   With the pod spec itself at the path, and annotations and labels of the pods in it:
  #   - {group: example.com, kind: Server, podTemplatePath: spec.server, inline: true}
`
}
