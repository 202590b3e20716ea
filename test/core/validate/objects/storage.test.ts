import { object, suite } from './suite.ts'

const volume = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } }
const terms = { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }] }
suite('PersistentVolume of nodes', object('v1', 'PersistentVolume', { spec: { ...volume, local: { path: '/a' }, nodeAffinity: { required: terms } } }), [
  ['backsteps', { 'spec.local.path': '/a/../b' }, ['VOLUME_FIELD spec.local.path']],
  ['operator', { 'spec.nodeAffinity.required.nodeSelectorTerms.0.matchExpressions.0.operator': 'Is' }, ['SELECTOR_INVALID spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].operator']],
  ['no terms', { 'spec.nodeAffinity.required': {} }, ['FIELD_REQUIRED spec.nodeAffinity.required.nodeSelectorTerms']],
  ['nothing required', { 'spec.nodeAffinity': {} }, ['FIELD_REQUIRED spec.nodeAffinity.required', 'FIELD_REQUIRED spec.nodeAffinity']],
  ['null as a mode', { 'spec.accessModes': [null] }, ['VOLUME_FIELD spec.accessModes']],
])
const source = (name: string, value: object) => ({ 'spec.csi': undefined, [`spec.${name}`]: value as never })
suite('PersistentVolume sources', object('v1', 'PersistentVolume', { spec: { ...volume, csi: { driver: 'a.b', volumeHandle: 'c' } } }), [
  ['long driver', { 'spec.csi.driver': 'a'.repeat(64) }, ['VOLUME_FIELD spec.csi.driver']],
  ['secret', { 'spec.csi.nodeStageSecretRef': {}, 'spec.csi.nodeExpandSecretRef': { name: 'a' } }, ['FIELD_REQUIRED spec.csi.nodeExpandSecretRef.namespace']],
  ['namespace of glusterfs', source('glusterfs', { endpoints: 'a', path: 'b', endpointsNamespace: 'C_' }), ['VOLUME_FIELD spec.glusterfs.endpointsNamespace']],
  ['path of nfs', source('nfs', { server: 'a', path: 'b' }), ['VOLUME_PATH_INVALID spec.nfs.path']],
  ['type of a path', source('hostPath', { path: '/a', type: 'File ' }), ['VOLUME_FIELD_INVALID spec.hostPath.type']],
  ['disk', source('gcePersistentDisk', { partition: 256 }), ['FIELD_REQUIRED spec.persistentDisk.pdName', 'VOLUME_FIELD_INVALID spec.persistentDisk.partition']],
  ['secret of cinder', source('cinder', { volumeID: 'a', secretRef: { name: 'b' } }), ['FIELD_REQUIRED spec.cinder.secretRef.namespace']],
  ['namespace of azureFile', source('azureFile', { secretName: 'a', shareName: 'b', secretNamespace: '' }), ['FIELD_REQUIRED spec.azureFile.secretNamespace']],
  ['scaleIO without a secret', source('scaleIO', { gateway: 'a', system: 'b', volumeName: 'c' }), []],
  ['storageos', source('storageos', { volumeName: 'A' }), ['VOLUME_FIELD spec.storageos.volumeName']],
  ['attributes without csi', { ...source('nfs', { server: 'a', path: '/b' }), 'spec.volumeAttributesClassName': 'a' }, ['FIELD_REQUIRED spec.csi']],
])

suite('CSIDriver', { ...object('storage.k8s.io/v1', 'CSIDriver', { spec: { tokenRequests: [{ audience: 'a' }, { audience: '' }] } }), metadata: { name: 'a'.repeat(60) + '.com.org' } }, [
  ['short', { 'spec.tokenRequests.0.expirationSeconds': 599 }, ['STORAGE_FIELD spec.tokenRequests[0].expirationSeconds']],
  ['long', { 'spec.tokenRequests.0.expirationSeconds': 2 ** 32 + 1 }, ['STORAGE_FIELD spec.tokenRequests[0].expirationSeconds']],
  ['twice', { 'spec.tokenRequests.1': {}, 'spec.tokenRequests.0': { audience: '' } }, ['STORAGE_FIELD spec.tokenRequests[1].audience']],
  ['tokens in secrets', { 'spec.serviceAccountTokenInSecrets': false }, []],
  ['no tokens in secrets', { 'spec.serviceAccountTokenInSecrets': false, 'spec.tokenRequests': [] }, ['STORAGE_FIELD spec.serviceAccountTokenInSecrets']],
  ['often', { 'spec.nodeAllocatableUpdatePeriodSeconds': 9 }, ['STORAGE_FIELD spec.nodeAllocatableUpdatePeriodSeconds']],
])
suite('CSIDriver in 1.34', object('storage.k8s.io/v1', 'CSIDriver', { spec: {} }), [
  ['a period, which is dropped', { 'spec.nodeAllocatableUpdatePeriodSeconds': 9 }, []],
], 34)

suite('CSINode', object('storage.k8s.io/v1', 'CSINode', { spec: { drivers: [{ name: 'a', nodeID: 'b', topologyKeys: ['c'] }] } }), [
  ['no id', { 'spec.drivers.0.nodeID': '' }, ['FIELD_REQUIRED spec.drivers[0].nodeID']],
  ['twice', { 'spec.drivers.1': { name: 'a', nodeID: 'c' } }, ['STORAGE_FIELD spec.drivers[1].name']],
  ['key', { 'spec.drivers.0.topologyKeys': ['c', 'c', ''] }, ['STORAGE_FIELD spec.drivers[0].topologyKeys[2]', 'STORAGE_FIELD spec.drivers[0].topologyKeys[1]']],
])
suite('CSIStorageCapacity', object('storage.k8s.io/v1', 'CSIStorageCapacity', { storageClassName: 'a', capacity: '1Gi' }), [
  ['negative', { capacity: '-1' }, ['STORAGE_FIELD capacity']],
  ['no class', { storageClassName: '' }, ['FIELD_REQUIRED storageClassName']],
])
const csi = { driver: 'a.b', volumeHandle: 'c' }
suite('VolumeAttachment', object('storage.k8s.io/v1', 'VolumeAttachment', { spec: { attacher: 'a', nodeName: 'b', source: { persistentVolumeName: 'c' } } }), [
  ['nothing', { 'spec.source': {} }, ['FIELD_REQUIRED spec.source']],
  ['both', { 'spec.source.inlineVolumeSpec': {} }, ['STORAGE_FIELD spec.source']],
  ['inline without source', { 'spec.source': { inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], claimRef: {}, nodeAffinity: {}, volumeMode: '', csi } } }, ['VOLUME_FIELD spec.source.inlineVolumeSpec.claimRef', 'VOLUME_FIELD spec.source.inlineVolumeSpec.nodeAffinity', 'VOLUME_FIELD spec.source.inlineVolumeSpec.volumeMode']],
  ['inline with defaults', { 'spec.source': { inlineVolumeSpec: { accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: '', volumeMode: 'Filesystem', csi } } }, []],
  ['inline', { 'spec.source': { inlineVolumeSpec: { ...volume, nfs: { server: 'a', path: '/b' } } } }, ['VOLUME_FIELD spec.source.inlineVolumeSpec.capacity', 'FIELD_REQUIRED spec.source.inlineVolumeSpec.csi']],
])
suite('VolumeAttributesClass', object('storage.k8s.io/v1', 'VolumeAttributesClass', { driverName: 'a', parameters: { b: 'c' } }), [
  ['no parameters', { parameters: {} }, ['FIELD_REQUIRED parameters']],
  ['no driver', { driverName: '' }, ['FIELD_REQUIRED driverName']],
])

const zones = (...values: string[]) => ({ matchLabelExpressions: [{ key: 'zone', values }] })
suite('StorageClass', object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'a', allowedTopologies: [zones('a', 'b'), zones('c')] }), [
  ['the same in another order', { 'allowedTopologies.1': zones('b', 'a') }, ['STORAGE_FIELD allowedTopologies[1].matchLabelExpressions']],
  ['value twice', { 'allowedTopologies.1': zones('c', 'c') }, ['STORAGE_FIELD allowedTopologies[1].matchLabelExpressions[0].values[1]']],
  ['an empty term', { 'allowedTopologies.1': {} }, ['STORAGE_FIELD allowedTopologies[1].matchLabelExpressions']],
  ['no values', { 'allowedTopologies.1': zones() }, ['FIELD_REQUIRED allowedTopologies[1].matchLabelExpressions[0].values']],
  ['key', { 'allowedTopologies.0.matchLabelExpressions.0.key': 'a b' }, ['STORAGE_FIELD allowedTopologies[0].matchLabelExpressions[0].key']],
])

suite('RuntimeClass', object('node.k8s.io/v1', 'RuntimeClass', { handler: 'a', overhead: { podFixed: { cpu: '1' } }, scheduling: { nodeSelector: { a: 'b' }, tolerations: [{ key: 'a', operator: 'Exists' }] } }), [
  ['node selector', { 'scheduling.nodeSelector': { a: 'b c' } }, ['METADATA_LABEL scheduling.nodeSelector']],
  ['toleration', { 'scheduling.tolerations.0.operator': 'Is' }, ['TOLERATION_INVALID scheduling.tolerations[0].operator']],
  ['overhead', { 'overhead.podFixed': { cpu: '-1', gpu: 1 } }, ['RESOURCE_QUANTITY_INVALID overhead[podFixed].cpu', 'RESOURCE_NAME_INVALID overhead[podFixed].gpu']],
])
