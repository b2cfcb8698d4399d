/** A right, as the page and its form name it. */
export type RightName = 'read' | 'issue' | 'revoke'

export const rightNames: readonly RightName[] = ['read', 'issue', 'revoke']

/** Everything that the pages say, in one language. */
export interface Texts {
  readonly lang: 'en' | 'de'
  readonly title: string
  asks(client: string): string
  readonly signedInAs: string
  readonly sentTo: string
  readonly onThisDevice: string
  readonly selfRegistered: string
  readonly workspace: string
  readonly otherWorkspace: string
  readonly chooseWorkspace: string
  readonly goOn: string
  readonly whatRightsMean: string
  readonly rights: Readonly<Record<RightName, { readonly name: string; readonly meaning: string }>>
  readonly chooseRights: string
  readonly duration: string
  readonly nothingTicked: string
  readonly nothingToGrant: string
  readonly allow: string
  readonly deny: string
  readonly wrongForm: string
  readonly foreignRights: string
  readonly refusalTitle: string
  readonly refusal: string
  readonly answered: string
  readonly detail: string
}
