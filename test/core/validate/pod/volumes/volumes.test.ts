// Small builders stand beside the table that uses them.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../src/core/json/json.ts'
import { check, container, type Options, volumes } from '../check.ts'

const V = 'volumes[0]'

describe('volumes', () => {
  test.each<[string, JsonObject, string[], Options?]>([
    ['an empty folder', volumes({ emptyDir: {} }), []],
    ['no source is an empty folder', volumes({}), []],
    ['a null source is none', volumes({ emptyDir: null }), []],
    [
      'two sources',
      volumes({ emptyDir: {}, hostPath: { path: '/a' } }),
      [`VOLUME_SOURCE_CONFLICT ${V}.hostPath`],
    ],
    ['no name', container({}, { volumes: [{ emptyDir: {} }] }), [`FIELD_REQUIRED ${V}.name`]],
    ['a bad name', volumes({ name: 'A' }), [`VOLUME_NAME_INVALID ${V}.name`]],
    ['a name twice', volumes({ name: 'a' }, { name: 'a' }), ['VOLUME_NAME_DUPLICATE volumes[1].name']],
    [
      'a volume with a fault can still be mounted',
      container({ volumeMounts: [{ name: 'v', mountPath: '/a' }] }, { volumes: [{ name: 'v', secret: {} }] }),
      [`FIELD_REQUIRED ${V}.secret.secretName`],
    ],
    [
      'a negative size',
      volumes({ emptyDir: { sizeLimit: -1 } }),
      [`VOLUME_FIELD_INVALID ${V}.emptyDir.sizeLimit`],
    ],
    ['a host path', volumes({ hostPath: { path: '/a', type: 'DirectoryOrCreate' } }), []],
    ['a relative host path', volumes({ hostPath: { path: 'a' } }), []],
    [
      'a host path that climbs',
      volumes({ hostPath: { path: '/a/../b' } }),
      [`VOLUME_PATH_INVALID ${V}.hostPath.path`],
    ],
    ['no host path', volumes({ hostPath: {} }), [`FIELD_REQUIRED ${V}.hostPath.path`]],
    [
      'an unknown type',
      volumes({ hostPath: { path: '/a', type: 'Folder' } }),
      [`VOLUME_FIELD_INVALID ${V}.hostPath.type`],
    ],
    ['a claim', volumes({ persistentVolumeClaim: { claimName: 'c' } }), []],
    [
      'no claim',
      volumes({ persistentVolumeClaim: {} }),
      [`FIELD_REQUIRED ${V}.persistentVolumeClaim.claimName`],
    ],
    ['csi', volumes({ csi: { driver: 'Csi.example.com' } }), []],
    ['csi without a driver', volumes({ csi: {} }), [`FIELD_REQUIRED ${V}.csi.driver`]],
    ['csi with a bad one', volumes({ csi: { driver: 'a_b' } }), [`VOLUME_FIELD_INVALID ${V}.csi.driver`]],
    [
      'csi secret without a name',
      volumes({ csi: { driver: 'a', nodePublishSecretRef: {} } }),
      [`FIELD_REQUIRED ${V}.csi.nodePublishSecretRef.name`],
    ],
    ['an image', volumes({ image: { reference: 'a' } }), []],
    ['no image', volumes({ image: {} }), [`FIELD_REQUIRED ${V}.image.reference`], { kind: 'Pod' }],
    ['no image in a template', volumes({ image: {} }), []],
    [
      'a trust bundle takes the source with it while its gate is off',
      volumes({ projected: { sources: [{ clusterTrustBundle: {}, secret: { name: 'a' }, configMap: {} }] } }),
      ['~FIELD_DROPPED volumes[0].projected.sources[0].clusterTrustBundle', '~VOLUME_SOURCE_EMPTY volumes[0].projected.sources[0]'],
    ],
    [
      'an image while the gate is off leaves no source',
      volumes({ image: { reference: 'a' } }),
      [`~FIELD_DROPPED ${V}.image`, `FIELD_REQUIRED ${V}`],
      { minor: 34 },
    ],
    [
      'a flex option of Kubernetes',
      volumes({ flexVolume: { driver: 'a', options: { 'kubernetes.io/a': 'b' } } }),
      [`VOLUME_FIELD_INVALID ${V}.flexVolume.options[kubernetes.io/a]`],
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('keys as files', () => {
  const map = (fields: JsonObject): JsonObject => volumes({ configMap: { name: 'c', ...fields } })
  const item = (fields: JsonObject): JsonObject => map({ items: [{ key: 'a', path: 'b', ...fields }] })
  const at = `${V}.configMap.items[0]`
  test.each<[string, JsonObject, string[]]>([
    ['all', map({ defaultMode: 0o644 }), []],
    ['no name', volumes({ configMap: {} }), [`FIELD_REQUIRED ${V}.configMap.name`]],
    ['a mode written in decimal', map({ defaultMode: 1000 }), [`FILE_MODE_INVALID ${V}.configMap.defaultMode`]],
    [
      'a negative mode',
      volumes({ secret: { secretName: 's', defaultMode: -1 } }),
      [`FILE_MODE_INVALID ${V}.secret.defaultMode`],
    ],
    ['one', item({}), []],
    ['no key', item({ key: '' }), [`FIELD_REQUIRED ${at}.key`]],
    ['no path', item({ path: '' }), [`FIELD_REQUIRED ${at}.path`]],
    ['outside', item({ path: 'a/../b' }), [`VOLUME_PATH_INVALID ${at}.path`]],
    ['absolute', item({ path: '/b' }), [`VOLUME_PATH_INVALID ${at}.path`]],
    ['reserved', item({ path: '..b' }), [`VOLUME_PATH_INVALID ${at}.path`]],
    ['a mode of its own', item({ mode: 512 }), [`FILE_MODE_INVALID ${at}.mode`]],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('downward API', () => {
  const file = (fields: JsonObject): JsonObject =>
    volumes({ downwardAPI: { items: [{ path: 'a', ...fields }] } })
  const at = `${V}.downwardAPI.items[0]`
  test.each<[string, JsonObject, string[]]>([
    ['all labels', file({ fieldRef: { fieldPath: 'metadata.labels' } }), []],
    [
      'an address has no place in a file',
      file({ fieldRef: { fieldPath: 'status.podIP' } }),
      [`FIELD_REF_INVALID ${at}.fieldRef.fieldPath`],
    ],
    ['a resource', file({ resourceFieldRef: { containerName: 'web', resource: 'limits.cpu' } }), []],
    [
      'of no container',
      file({ resourceFieldRef: { resource: 'limits.cpu' } }),
      [`FIELD_REQUIRED ${at}.resourceFieldRef.containerName`],
    ],
    ['nothing', file({}), [`FIELD_REQUIRED ${at}`]],
    [
      'both',
      file({ fieldRef: { fieldPath: 'metadata.name' }, resourceFieldRef: {} }),
      [`VOLUME_FIELD_INVALID ${at}.resourceFieldRef`],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('projected', () => {
  const sources = (...list: JsonObject[]): JsonObject => volumes({ projected: { sources: list } })
  const secret = { secret: { name: 's', items: [{ key: 'k', path: 'p' }] } }
  const token = (fields: JsonObject): JsonObject => ({ serviceAccountToken: { path: 't', ...fields } })
  const at = `${V}.projected.sources`
  test.each<[string, JsonObject, string[]]>([
    ['a secret and a token', sources(secret, token({})), []],
    ['two in one', sources({ ...secret, configMap: { name: 'c' } }), [`VOLUME_SOURCE_CONFLICT ${at}[0]`]],
    ['none in one', sources({}), [`~VOLUME_SOURCE_EMPTY ${at}[0]`]],
    ['no name', sources({ secret: {} }), [`FIELD_REQUIRED ${at}[0].secret.name`]],
    [
      'the same file',
      sources(secret, secret),
      [
        `VOLUME_PATH_DUPLICATE ${at}[1].secret.items[0].path`,
        `~VOLUME_PATH_OVERLAP ${at}[1].secret.items[0].path`,
      ],
    ],
    [
      "a token's file is not held against others",
      sources(secret, token({ path: 'p' })),
      [`~VOLUME_PATH_OVERLAP ${at}[1].serviceAccountToken.path`],
    ],
    [
      'a short token',
      sources(token({ expirationSeconds: 599 })),
      [`VOLUME_FIELD_INVALID ${at}[0].serviceAccountToken.expirationSeconds`],
    ],
    [
      'an endless token',
      sources(token({ expirationSeconds: 2 ** 32 + 1 })),
      [`VOLUME_FIELD_INVALID ${at}[0].serviceAccountToken.expirationSeconds`],
    ],
    [
      'a token without a file',
      sources(token({ path: '' })),
      [`FIELD_REQUIRED ${at}[0].serviceAccountToken.path`],
    ],
    [
      'a trust bundle is dropped',
      sources({ clusterTrustBundle: {} }),
      [`~FIELD_DROPPED ${at}[0].clusterTrustBundle`, `~VOLUME_SOURCE_EMPTY ${at}[0]`],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('ephemeral claims', () => {
  const good = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
  const claim = (spec: JsonObject, metadata: JsonObject = {}): JsonObject =>
    volumes({ ephemeral: { volumeClaimTemplate: { metadata, spec: { ...good, ...spec } } } })
  const at = `${V}.ephemeral.volumeClaimTemplate`
  const CODE = 'CLAIM_TEMPLATE_INVALID'
  test.each<[string, JsonObject, string[], Options?]>([
    ['a plain one', claim({}, { labels: { a: 'b' }, creationTimestamp: null }), []],
    ['no template', volumes({ ephemeral: {} }), [`FIELD_REQUIRED ${at}`]],
    ['a name', claim({}, { name: 'a' }), [`${CODE} ${at}.metadata.name`]],
    ['no generation', claim({}, { generation: 0 }), []],
    ['a generation', claim({}, { generation: 1 }), [`${CODE} ${at}.metadata.generation`]],
    ['a bad label', claim({}, { labels: { a: 'b c' } }), [`${CODE} ${at}.metadata.labels[a]`]],
    ['no access', claim({ accessModes: [] }), [`FIELD_REQUIRED ${at}.spec.accessModes`]],
    ['unknown access', claim({ accessModes: ['RWO'] }), [`${CODE} ${at}.spec.accessModes[0]`]],
    [
      'one pod and others',
      claim({ accessModes: ['ReadWriteOncePod', 'ReadOnlyMany'] }),
      [`${CODE} ${at}.spec.accessModes`],
    ],
    ['no storage', claim({ resources: {} }), [`FIELD_REQUIRED ${at}.spec.resources.requests[storage]`]],
    [
      'zero storage',
      claim({ resources: { requests: { storage: 0 } } }),
      [`${CODE} ${at}.spec.resources.requests[storage]`],
    ],
    ['a bad class', claim({ storageClassName: 'A' }), [`${CODE} ${at}.spec.storageClassName`]],
    ['no class', claim({ storageClassName: '' }), []],
    ['a bad mode', claim({ volumeMode: 'Raw' }), [`${CODE} ${at}.spec.volumeMode`]],
    [
      'a source',
      claim({ dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' } }),
      [],
    ],
    [
      'a source of no group',
      claim({ dataSource: { kind: 'VolumeSnapshot', name: 's' } }),
      [`${CODE} ${at}.spec.dataSource.kind`],
    ],
    [
      'two sources that differ',
      claim({
        dataSource: { kind: 'PersistentVolumeClaim', name: 'a' },
        dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'b' },
      }),
      [`${CODE} ${at}.spec.dataSource`],
    ],
    [
      'the claim of a Pod made and used',
      container(
        {},
        {
          volumes: [
            { name: 'v', ephemeral: { volumeClaimTemplate: { spec: good } } },
            { name: 'w', persistentVolumeClaim: { claimName: 'p-v' } },
          ],
        },
      ),
      ['VOLUME_FIELD_INVALID volumes[1].persistentVolumeClaim.claimName'],
      { kind: 'Pod', metadata: { name: 'p' } },
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe("vendors' storage", () => {
  const OLD = '~VOLUME_TYPE_DEPRECATED'
  test.each<[string, JsonObject, string[]]>([
    ['nfs', volumes({ nfs: { server: 's', path: '/a' } }), []],
    ['nfs relative', volumes({ nfs: { server: 's', path: 'a' } }), [`VOLUME_PATH_INVALID ${V}.nfs.path`]],
    ['nfs empty', volumes({ nfs: {} }), [`FIELD_REQUIRED ${V}.nfs.server`, `FIELD_REQUIRED ${V}.nfs.path`]],
    [
      'gce',
      volumes({ gcePersistentDisk: { pdName: 'a', partition: 256 } }),
      [`VOLUME_FIELD_INVALID ${V}.gcePersistentDisk.partition`],
    ],
    ['aws', volumes({ awsElasticBlockStore: {} }), [`FIELD_REQUIRED ${V}.awsElasticBlockStore.volumeID`]],
    [
      'git',
      volumes({ gitRepo: { repository: 'r', directory: '../a' } }),
      [`VOLUME_PATH_INVALID ${V}.gitRepo.directory`, `${OLD} ${V}.gitRepo`],
    ],
    ['iscsi with a wide blank', volumes({ iscsi: { targetPortal: 'a', iqn: 'iqn.2001-04.com.example:a\u3000b' } }), []],
    ['iscsi', volumes({ iscsi: { targetPortal: '1.1.1.1', iqn: 'iqn.2001-04.com.example:a', lun: 0 } }), []],
    [
      'iscsi names',
      volumes({ iscsi: { targetPortal: '1.1.1.1', iqn: 'abc', initiatorName: 'eui.1' } }),
      [`VOLUME_FIELD_INVALID ${V}.iscsi.iqn`, `VOLUME_FIELD_INVALID ${V}.iscsi.initiatorName`],
    ],
    [
      'iscsi with an initiator and a portal of more bytes than characters',
      volumes({ iscsi: { targetPortal: 'é'.repeat(32), iqn: 'iqn.2001-04.com.example:a', lun: 0, initiatorName: 'iqn.2001-04.com.example:b' } }),
      ['VOLUME_FIELD_INVALID volumes[0].name'],
    ],
    [
      'iscsi chap',
      volumes({
        iscsi: { targetPortal: 'a', iqn: 'iqn.2001-04.com.example:a', lun: 256, chapAuthSession: true },
      }),
      [`VOLUME_FIELD_INVALID ${V}.iscsi.lun`, `FIELD_REQUIRED ${V}.iscsi.secretRef`],
    ],
    [
      'glusterfs',
      volumes({ glusterfs: { endpoints: 'e' } }),
      [`FIELD_REQUIRED ${V}.glusterfs.path`, `${OLD} ${V}.glusterfs`],
    ],
    [
      'flocker',
      volumes({ flocker: { datasetName: 'a/b' } }),
      [`VOLUME_FIELD_INVALID ${V}.flocker.datasetName`, `${OLD} ${V}.flocker`],
    ],
    ['flocker empty', volumes({ flocker: {} }), [`FIELD_REQUIRED ${V}.flocker`, `${OLD} ${V}.flocker`]],
    [
      'rbd',
      volumes({ rbd: {} }),
      [`FIELD_REQUIRED ${V}.rbd.monitors`, `FIELD_REQUIRED ${V}.rbd.image`, `${OLD} ${V}.rbd`],
    ],
    [
      'cinder',
      volumes({ cinder: { volumeID: 'a', secretRef: {} } }),
      [`FIELD_REQUIRED ${V}.cinder.secretRef.name`],
    ],
    ['cephfs', volumes({ cephfs: {} }), [`FIELD_REQUIRED ${V}.cephfs.monitors`, `${OLD} ${V}.cephfs`]],
    [
      'quobyte with a tenant of more bytes than characters',
      volumes({ quobyte: { registry: 'a:1', volume: 'v', tenant: 'é'.repeat(33) } }),
      [`VOLUME_FIELD_INVALID ${V}.quobyte.tenant`, `${OLD} ${V}.quobyte`],
    ],
    [
      'quobyte',
      volumes({ quobyte: { registry: 'a', volume: 'v' } }),
      [`VOLUME_FIELD_INVALID ${V}.quobyte.registry`, `${OLD} ${V}.quobyte`],
    ],
    ['fc', volumes({ fc: { wwids: ['a'] } }), []],
    [
      'fc without a lun',
      volumes({ fc: { targetWWNs: ['a'], wwids: ['b'] } }),
      [`VOLUME_FIELD_INVALID ${V}.fc.targetWWNs`, `FIELD_REQUIRED ${V}.fc.lun`],
    ],
    ['azure file', volumes({ azureFile: { secretName: 's' } }), [`FIELD_REQUIRED ${V}.azureFile.shareName`]],
    ['azure disk', volumes({ azureDisk: { diskName: 'd', diskURI: 'https://a' } }), []],
    [
      'azure disk managed',
      volumes({ azureDisk: { diskName: 'd', diskURI: 'https://a', kind: 'Managed' } }),
      [`VOLUME_FIELD_INVALID ${V}.azureDisk.diskURI`],
    ],
    ['vsphere', volumes({ vsphereVolume: {} }), [`FIELD_REQUIRED ${V}.vsphereVolume.volumePath`]],
    ['portworx', volumes({ portworxVolume: {} }), [`FIELD_REQUIRED ${V}.portworxVolume.volumeID`]],
    [
      'photon',
      volumes({ photonPersistentDisk: {} }),
      [`FIELD_REQUIRED ${V}.photonPersistentDisk.pdID`, `${OLD} ${V}.photonPersistentDisk`],
    ],
    [
      'storageos',
      volumes({ storageos: { volumeName: 'A' } }),
      [`VOLUME_FIELD_INVALID ${V}.storageos.volumeName`, `${OLD} ${V}.storageos`],
    ],
    [
      'scaleio',
      volumes({ scaleIO: { gateway: 'g', system: 's' } }),
      [`FIELD_REQUIRED ${V}.scaleIO.volumeName`, `${OLD} ${V}.scaleIO`],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})
