import type { PodPlace } from '../../place.ts'
import { descendingPath, noBacksteps } from '../paths.ts'
import {
  at,
  duplicate,
  forbidden,
  invalid,
  named,
  type PartRule,
  type PodScope,
  required,
  show,
  unsupported,
} from '../scope.ts'
import { childOf, flagOf, isSet, itemsOf, optionalText, type Part, textOf } from '../values.ts'

const SUB_PATHS = ['subPath', 'subPathExpr'] as const
const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None']
const RECURSIVE_READ_ONLY = ['Disabled', 'Enabled', 'IfPossible']

function checkVolumeName(part: Part, pod: PodScope): string | undefined {
  const name = textOf(part.data, 'name')
  const path = at(part.path, 'name')
  if (name === '') required(pod, path, 'the name of the volume is required')
  else if (name !== undefined && !pod.volumes.has(name)) {
    const message = `volume "${name}" not found among the pod's volumes`
    const hint = 'add the volume under volumes, or correct the name'
    pod.report({ code: 'MOUNT_VOLUME_UNKNOWN', path, message, hint })
  }
  return name || undefined
}

/** Mounts of volumes in a container. Source: `ValidateVolumeMounts`. */
export const volumeMounts: PartRule = (container, pod) => {
  const mounts = itemsOf(container, 'volumeMounts')
  if (mounts.length === 0) return
  const taken = new Map<string, PodPlace>()
  const devices = new Set(itemsOf(container, 'volumeDevices').map((device) => textOf(device.data, 'devicePath')))
  const list = at(container.path, 'volumeMounts')
  for (const mount of mounts) {
    checkVolumeName(mount, pod)
    const mountPath = textOf(mount.data, 'mountPath')
    const path = at(mount.path, 'mountPath')
    if (mountPath === '') required(pod, path, 'the path at which the volume appears is required')
    else if (mountPath !== undefined) {
      const first = taken.get(mountPath)
      if (first !== undefined) {
        const message = `Invalid value: ${show(mountPath)}: must be unique, but the container mounts another volume there`
        duplicate(pod, 'MOUNT_PATH_DUPLICATE', path, message, first)
      }
      taken.set(mountPath, first ?? path)
      if (devices.has(mountPath)) {
        invalid(pod, 'MOUNT_PATH_DUPLICATE', path, mountPath, ['must not already exist as a path in volumeDevices'])
      }
    }
    checkSubPaths(mount, list, pod)
    checkPropagation(mount, container, list, pod)
    checkRecursiveReadOnly(mount, list, pod)
  }
}

function checkSubPaths(mount: Part, list: PodPlace, pod: PodScope): void {
  for (const field of SUB_PATHS) {
    const value = textOf(mount.data, field)
    if (!value) continue
    const hint = 'name a path inside the volume, without a leading /'
    const [path, printed] = [at(mount.path, field), named(pod, at(list, field))]
    invalid(printed, 'MOUNT_SUBPATH_INVALID', path, value, descendingPath(value), hint)
  }
  if (textOf(mount.data, 'subPath') && textOf(mount.data, 'subPathExpr')) {
    const message = 'subPathExpr and subPath are mutually exclusive'
    forbidden(pod, 'MOUNT_SUBPATH_INVALID', at(mount.path, 'subPathExpr'), message)
  }
}

/** Source: `validateMountPropagation`. */
function checkPropagation(mount: Part, container: Part, list: PodPlace, scope: PodScope): void {
  const value = optionalText(mount.data, 'mountPropagation')
  if (value === undefined) return
  const path = at(mount.path, 'mountPropagation')
  const pod = named(scope, at(list, 'mountPropagation'))
  if (!PROPAGATIONS.includes(value)) unsupported(pod, 'MOUNT_PROPAGATION_INVALID', path, value, PROPAGATIONS)
  const security = childOf(container.data, 'securityContext')
  const privileged = security !== undefined && flagOf(security, 'privileged') === true
  if (value === 'Bidirectional' && !privileged) {
    const message = 'Bidirectional mount propagation is available only to privileged containers'
    forbidden(pod, 'MOUNT_PROPAGATION_INVALID', path, message, 'use HostToContainer, or make the container privileged')
  }
}

/** Source: `validateMountRecursiveReadOnly`. */
function checkRecursiveReadOnly(mount: Part, list: PodPlace, scope: PodScope): void {
  const value = optionalText(mount.data, 'recursiveReadOnly')
  if (value === undefined || value === 'Disabled') return
  const path = at(mount.path, 'recursiveReadOnly')
  const pod = named(scope, at(list, 'recursiveReadOnly'))
  if (!RECURSIVE_READ_ONLY.includes(value)) {
    return unsupported(pod, 'MOUNT_READ_ONLY_INVALID', path, value, RECURSIVE_READ_ONLY)
  }
  if (flagOf(mount.data, 'readOnly') !== true) {
    forbidden(pod, 'MOUNT_READ_ONLY_INVALID', path, `${value} may only be specified when readOnly is true`)
  }
  if ((optionalText(mount.data, 'mountPropagation') ?? 'None') !== 'None') {
    forbidden(pod, 'MOUNT_READ_ONLY_INVALID', path, `${value} may only be specified when mountPropagation is None`)
  }
}

/** Raw block devices. Source: `ValidateVolumeDevices`. */
export const volumeDevices: PartRule = (container, pod) => {
  const devices = itemsOf(container, 'volumeDevices')
  if (devices.length === 0) return
  const names = new Set<string>()
  const paths = new Set<string>()
  const mounts = itemsOf(container, 'volumeMounts')
  const mountedNames = new Set(mounts.map((mount) => textOf(mount.data, 'name')))
  const mountedPaths = new Set(mounts.map((mount) => textOf(mount.data, 'mountPath')))
  for (const device of devices) {
    const name = checkVolumeName(device, pod)
    if (name !== undefined) {
      const faults: string[] = []
      if (names.has(name)) faults.push('must be unique')
      if (!isClaim(name, pod))
        faults.push('must be a persistentVolumeClaim or ephemeral volume to be used as a block device')
      if (mountedNames.has(name)) faults.push('must not already exist in volumeMounts')
      invalid(pod, 'DEVICE_INVALID', at(device.path, 'name'), name, faults)
      names.add(name)
    }
    const path = textOf(device.data, 'devicePath')
    if (path === '') required(pod, at(device.path, 'devicePath'), 'the path of the device is required')
    if (!path) continue
    const faults = noBacksteps(path)
    if (paths.has(path)) faults.push('must be unique')
    if (mountedPaths.has(path)) faults.push('must not already exist as a path in volumeMounts')
    invalid(pod, 'DEVICE_INVALID', at(device.path, 'devicePath'), path, faults)
    paths.add(path)
  }
}

function isClaim(name: string, pod: PodScope): boolean {
  const volume = pod.volumes.get(name)
  if (volume === 'added' || volume === undefined) return true
  return isSet(volume.data, 'persistentVolumeClaim') || isSet(volume.data, 'ephemeral')
}
