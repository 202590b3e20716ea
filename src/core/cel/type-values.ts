import { words } from '../common/words.ts'
import { CelType } from './values.ts'

/** Types as values, by the names under which expressions find them. */
export const TYPES: ReadonlyMap<string, CelType> = new Map(
  words(`
    int uint double bool string bytes list map null_type type google.protobuf.Timestamp google.protobuf.Duration
    optional_type kubernetes.Quantity kubernetes.URL net.IP net.CIDR kubernetes.NamedFormat kubernetes.Semver
  `).map((name) => [name, new CelType(name)]),
)
