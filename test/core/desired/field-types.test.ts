/** Fields of a pod template that are not what they must be to be edited. */
import { fieldTypeProblems } from '../../../src/core/desired/field-types.ts'
import { formatJsonPath, type Json, type JsonObject } from '../../../src/core/json/json.ts'
import { table } from '../../helpers/table.ts'

/** The problems of a pod template with some more fields, and of its containers. */
function problems(more: { metadata?: Json; spec?: JsonObject }, containers: Json[]): string[] {
  const template = { ...more, spec: { ...more.spec, containers } } as JsonObject
  return fieldTypeProblems(template).map(({ path, message, unquoted }) => `${formatJsonPath(path)}: ${message}${unquoted === undefined ? '' : `, ${JSON.stringify(unquoted)} in quotes`}`)
}

const APP = { name: 'app' }

table<{ metadata?: Json; spec?: JsonObject }, Json[], string[]>('a template can be edited where its maps and lists are such', problems, [
  [{}, [APP], []],
  [{}, [], []],
  [{ metadata: { annotations: {}, labels: {} }, spec: { initContainers: [], volumes: [], imagePullSecrets: [], securityContext: {} } }, [APP], []],
  [{ metadata: null, spec: { initContainers: null, volumes: null, imagePullSecrets: null, securityContext: null } }, [APP], [], 'null is nothing'],
  [{ metadata: { annotations: null, labels: null } }, [{ ...APP, env: null, volumeMounts: null, ports: null, lifecycle: null }], []],
  [{ metadata: [] }, [APP], ['metadata: this must be a map']],
  [{ metadata: { annotations: 'a', labels: [] } }, [APP], ['metadata.annotations: this must be a map', 'metadata.labels: this must be a map']],
  [{ spec: { initContainers: {}, volumes: 'v', imagePullSecrets: {} } }, [APP], ['spec.initContainers: this must be a list', 'spec.volumes: this must be a list', 'spec.imagePullSecrets: this must be a list']],
  [{ spec: { securityContext: [] } }, [APP], ['spec.securityContext: this must be a map']],
  [{ spec: { nodeSelector: [] } }, [APP], [], 'what is not edited is left to validation'],
])

table<object, Json[], string[]>('and its containers are maps with a name', problems, [
  [{}, ['app'], ['spec.containers[0]: a container must be a map']],
  [{}, [APP, null], ['spec.containers[1]: a container must be a map']],
  [{}, [{}], ['spec.containers[0].name: a container needs a name']],
  [{}, [{ name: '' }], ['spec.containers[0].name: a container needs a name']],
  [{}, [{ name: ['a'] }], ['spec.containers[0].name: a container needs a name']],
  [{}, [{ name: 1 }], ['spec.containers[0].name: the name of a container must be a string, not a number, 1 in quotes']],
  [{}, [{ name: true }], ['spec.containers[0].name: the name of a container must be a string, not a boolean, true in quotes']],
  [{}, [{ ...APP, env: {}, volumeMounts: {}, ports: 1, lifecycle: [] }], ['env', 'volumeMounts', 'ports'].map((key) => `spec.containers[0].${key}: this must be a list`).concat('spec.containers[0].lifecycle: this must be a map')],
  [{}, [{ ...APP, args: {} }], []],
])
