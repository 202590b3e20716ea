import { dns1123Subdomain } from '../kube/names.ts'

/** Why a text is no name of a policy; undefined for one that is. */
export function nameFault(name: string): string | undefined {
  return dns1123Subdomain(name)[0]
}
