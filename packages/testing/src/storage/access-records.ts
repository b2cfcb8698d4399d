import type { Membership, OAuthArtifact, OAuthClient, OAuthGrant } from '@certwright/core'
import { at, id, now } from './records.js'

/* Records of who may ask: as those of records.ts. */

export const membership = (change: Partial<Membership> = {}): Membership => ({
  workspaceId: id('w1'),
  userId: id('u1'),
  rights: new Map([[id('ca1'), { canRead: true, canIssue: true, canRevoke: true }]]),
  createdAt: now,
  ...change,
})

export const client = (change: Partial<OAuthClient> = {}): OAuthClient => ({
  id: id('cl1'),
  kind: 'public',
  name: 'Inventory',
  redirectUris: ['https://inventory.example/callback'],
  metadata: '{}',
  createdAt: now,
  ...change,
})

export const grant = (change: Partial<OAuthGrant> = {}): OAuthGrant => ({
  id: id('g1'),
  clientId: id('cl1'),
  workspaceId: id('w1'),
  userId: id('u1'),
  rights: new Map([[id('ca1'), { canRead: true, canIssue: false, canRevoke: false }]]),
  createdAt: now,
  ...change,
})

export const artifact = (change: Partial<OAuthArtifact> = {}): OAuthArtifact => ({
  kind: 'RefreshToken',
  idHash: '56'.repeat(32),
  payload: '{}',
  expiresAt: at('03-31T12:00:00'),
  ...change,
})

export const token = (change: Partial<OAuthArtifact> = {}): OAuthArtifact =>
  artifact({ kind: 'AccessToken', grantId: id('g1'), ...change })
