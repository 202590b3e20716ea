import { isObject, type JsonObject } from '../json/json.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import { valueAt, type Workload } from '../kube/workload.ts'
import type { DesiredPod } from './desired-pod.ts'
import { appContainers, nameOf, type PlanProblem } from './pod-paths.ts'
import type { Sidecar } from '../template/template.ts'

/** Whether KServe creates the pods of a kind, through Knative or a Deployment. */
export function isKserve({ group }: WorkloadKind): boolean {
  return group === 'serving.kserve.io'
}

/** KServe's name for the container with the model server (`InferenceServiceContainerName`). */
const SERVER = 'kserve-container'

export const KSERVE_NAME_HINT = `set one; KServe's default is ${SERVER}`

const MODE = 'serving.kserve.io/deploymentMode'
/** The annotation that makes KServe run without Knative. */
export const WITHOUT_KNATIVE = `${MODE}: Standard`
/** Modes in which KServe creates a Deployment, with the former name (`ParseDeploymentMode`). */
const MODES_WITHOUT_KNATIVE: ReadonlySet<unknown> = new Set(['Standard', 'RawDeployment'])

/**
 * True where an InferenceService says that Knative does not run it; where it says nothing, KServe's settings decide.
 */
export function isWithoutKnative({ data }: Pick<Workload, 'data'>): boolean {
  return MODES_WITHOUT_KNATIVE.has(valueAt(data, ['metadata', 'annotations', MODE]))
}

/** A sidecar that does not start before the app: KServe takes the first container for the model server. */
export function behindServer(sidecar: Sidecar): Sidecar {
  return sidecar.classic.startFirst ? { ...sidecar, classic: { ...sidecar.classic, startFirst: false } } : sidecar
}

/**
 * A warning where a second container keeps KServe from finding the model server. KServe gives its name to a predictor's
 * only container, and to the first container of other components; among several containers of a predictor it looks for
 * the name (`CustomPredictor.Default` and `GetContainer`). Where a model is named, KServe creates the container itself.
 */
export function kserveProblems(
  workload: Workload,
  draft: DesiredPod,
  { name, container }: Sidecar,
  mode: 'native' | 'classic',
): PlanProblem[] {
  const { templatePath, data } = workload
  if (container === undefined || mode === 'native' || templatePath.at(-1) !== 'predictor') return []
  const component = valueAt(data, templatePath)
  const [app, another] = appContainers(draft)
  if (
    app === undefined ||
    another !== undefined ||
    nameOf(app) === SERVER ||
    (isObject(component) && namesModel(component))
  )
    return []
  return [
    {
      code: 'KSERVE_SERVER_NAME',
      message: `with sidecar "${name}", KServe does not recognize its model server in container "${nameOf(app)}"`,
      hint: `name that container ${SERVER}, as KServe does when it is the only one`,
      address: ['spec', 'containers', { id: nameOf(app) }, 'name'],
    },
  ]
}

/** Fields of a predictor that name a model and how to serve it (`PredictorSpec.GetImplementations`). */
const MODELS = [
  'model',
  'sklearn',
  'xgboost',
  'tensorflow',
  'pytorch',
  'triton',
  'onnx',
  'huggingface',
  'pmml',
  'lightgbm',
  'paddle',
] as const

function namesModel(component: JsonObject): boolean {
  return MODELS.some((key) => isObject(component[key]))
}
