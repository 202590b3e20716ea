const registry = {
  type: 'string',
  pattern: '^[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$',
  maxLength: 300,
}

/** The fields of a policy's `spec` that hold for the containers of all sidecars. */
export const SIDECAR_SETTINGS = {
  images: {
    description: 'Images of the sidecars. Those of the app are never changed.',
    type: 'object',
    examples: [{ registry: 'registry.example.com/mirror', pullSecrets: ['mirror'] }],
    additionalProperties: false,
    properties: {
      registry: {
        $comment: 'a registry without https://, or a map of registries',
        description:
          'Registry, with a path if it has one, that replaces the registry of every image: ' +
          'busybox:1.37 becomes registry.example.com/mirror/library/busybox:1.37. Or a map with one for each registry.',
        ...registry,
        type: ['string', 'object'],
        examples: ['registry.example.com/mirror', { 'docker.io': 'registry.example.com/hub' }],
        additionalProperties: { $comment: 'a registry without https://', description: 'Its replacement.', ...registry },
      },
      pullSecrets: {
        $comment: 'a list',
        description: 'Secrets for pulling the images. Each pod with a sidecar gets them.',
        type: 'array',
        examples: [['mirror-pull']],
        items: {
          $comment: 'a Secret name',
          description: 'Name of a Secret.',
          type: 'string',
          maxLength: 253,
          pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
        },
      },
      pins: {
        description: 'Digests of images, by name and tag, or by name for every tag, without `registry`.',
        type: 'object',
        examples: [{ 'busybox:1.37.0': `sha256:${'0123456789abcdef'.repeat(4)}` }],
        additionalProperties: {
          $comment: 'a digest: sha256: and 64 hexadecimal digits',
          description: 'The digest.',
          type: 'string',
          pattern: '^sha256:[0-9a-f]{64}$',
        },
      },
    },
  },
  security: {
    description: 'Security settings of all sidecars.',
    type: 'object',
    examples: [{ assignUids: false }],
    additionalProperties: false,
    properties: {
      assignUids: {
        description:
          'Whether sidecars set runAsUser, runAsGroup and fsGroup. false leaves them to the cluster, as OpenShift ' +
          'requires, whatever parameters say.',
        type: 'boolean',
        default: true,
        examples: [false],
      },
    },
  },
}
