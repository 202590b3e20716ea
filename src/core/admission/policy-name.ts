import { dns1123Subdomain } from '../kube/names.ts'

/** Why a text is not a valid name of a policy; undefined for a valid one. */
export function nameFault(name: string): string | undefined {
  return dns1123Subdomain(name)[0]
}
