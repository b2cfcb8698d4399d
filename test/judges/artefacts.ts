import type { Authority, CaRecord, KeyCustody, Storage, StorageTransaction } from '@certwright/core'
import { replaceMethods } from '../../packages/testing/src/chaos/replace-methods.js'

/** Something that an authority has made and signed. `caId` is the CA whose name is on it. */
export type Artefact =
  | { readonly kind: 'certificate'; readonly caId: string; readonly der: Uint8Array }
  | { readonly kind: 'crl'; readonly caId: string; readonly der: Uint8Array }
  | { readonly kind: 'ocsp'; readonly caId: string; readonly der: Uint8Array; readonly at: Date }

/**
 * All that an authority makes, caught where it leaves: certificates and CRLs on their way into the store, OCSP responses
 * on their way to the client. That nothing is missed is checked at the other end: `signed` holds what custody was given
 * to sign.
 */
export class Artefacts {
  readonly list: Artefact[] = []
  readonly signed: Uint8Array[] = []
  readonly #cas = new Map<string, CaRecord>()

  /** The CA's certificate, its issuer's, and so on up to the root. */
  chainOf(caId: string): readonly Uint8Array[] {
    const ca = this.#cas.get(caId)
    if (ca === undefined) throw new Error(`nobody made a CA ${caId}`)
    const above = ca.parentCaId === undefined ? ca.externalChainDer : this.chainOf(ca.parentCaId)
    return [ca.certificateDer, ...above]
  }

  storage(storage: Storage): Storage {
    const watched = (tx: StorageTransaction): StorageTransaction =>
      replaceMethods(tx, {
        insertCa: async (ca) => {
          this.#cas.set(ca.id, ca)
          this.list.push({ kind: 'certificate', caId: ca.parentCaId ?? ca.id, der: ca.certificateDer })
          await tx.insertCa(ca)
        },
        insertCertificates: async (certificates) => {
          for (const { caId, certificateDer: der } of certificates) {
            this.list.push({ kind: 'certificate', caId, der })
          }
          await tx.insertCertificates(certificates)
        },
        setOcspResponder: async (caId, responder) => {
          this.list.push({ kind: 'certificate', caId, der: responder.certificateDer })
          await tx.setOcspResponder(caId, responder)
        },
        insertCrl: async (crl) => {
          this.list.push({ kind: 'crl', caId: crl.caId, der: crl.der })
          await tx.insertCrl(crl)
        },
      })
    return replaceMethods(storage, { transaction: (work) => storage.transaction((tx) => work(watched(tx))) })
  }

  custody(custody: KeyCustody): KeyCustody {
    return replaceMethods(custody, {
      sign: async (request) => {
        this.signed.push(request.message)
        return custody.sign(request)
      },
    })
  }

  authority(authority: Authority, now: () => Date): Authority {
    return replaceMethods(authority, {
      answerOcsp: async (caId, requestDer) => {
        const answer = await authority.answerOcsp(caId, requestDer)
        this.list.push({ kind: 'ocsp', caId, der: answer.der, at: now() })
        return answer
      },
    })
  }
}
