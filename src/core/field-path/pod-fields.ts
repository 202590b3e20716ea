export const CONTAINERS = ['spec', 'containers'] as const
export const INIT_CONTAINERS = ['spec', 'initContainers'] as const
export const VOLUMES = ['spec', 'volumes'] as const
