/**
 * Which @kubernetes/client-node release each Kubernetes minor's schema is made from.
 *
 * The evidence is what the release says in the head of its generated models (`states`, checked at build time), not the
 * package's compatibility table, which lags behind. 1.0.0, 1.2.0, 1.4.0 and 2.0.1 are the only minors of 1.31 to 1.36
 * that releases were made from; 1.0.0-rc7 and older say 1.30. 1.31 and 1.35 are derived from the next newer release by
 * the tables in `derived/`.
 */
export const RELEASES = [
  { minor: 31, alias: 'client-node-1.32', states: 'v1.32.0', derived: 'to-1.31' },
  { minor: 32, alias: 'client-node-1.32', states: 'v1.32.0' },
  { minor: 33, alias: 'client-node-1.33', states: 'v1.33.0' },
  { minor: 34, alias: 'client-node-1.34', states: 'v1.34.0' },
  { minor: 35, alias: 'client-node-1.36', states: 'release-1.36', derived: 'to-1.35' },
  { minor: 36, alias: 'client-node-1.36', states: 'release-1.36' },
]
