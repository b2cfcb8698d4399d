import { noNames, type RequestedNames } from './requested-names.js'

export interface BodyNames {
  readonly commonName?: string | undefined
  readonly sanDns?: readonly string[] | undefined
  readonly sanIp?: readonly string[] | undefined
  readonly sanEmail?: readonly string[] | undefined
  readonly sanUri?: readonly string[] | undefined
}

export interface SubjectNames {
  readonly commonName?: string | undefined
  readonly names: RequestedNames
}

/** Field by field, the names of the request's body where it gives them (an empty list counts), else those of the CSR. */
export function chooseNames(body: BodyNames, csr: SubjectNames = { names: noNames }): SubjectNames {
  return {
    commonName: body.commonName ?? csr.commonName,
    names: {
      dns: body.sanDns ?? csr.names.dns,
      ip: body.sanIp ?? csr.names.ip,
      email: body.sanEmail ?? csr.names.email,
      uri: body.sanUri ?? csr.names.uri,
    },
  }
}
