/** The forms of subject alternative name that a subscriber can ask for. */
export type NameKind = 'dns' | 'ip' | 'email' | 'uri'

export const nameKinds: readonly NameKind[] = ['dns', 'ip', 'email', 'uri']

/** Names as people write them, in the order in which they shall stand. */
export type RequestedNames = Readonly<Record<NameKind, readonly string[]>>

export const noNames: RequestedNames = { dns: [], ip: [], email: [], uri: [] }
