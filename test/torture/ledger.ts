/*
 * What a client was told, and whether it still holds. An answer is a promise; a request without an answer may have happened
 * or not, but never twice. Nothing here talks to anybody: the ledger is told of everything, and is tested on histories that
 * were doctored.
 */

export interface HandedOut {
  readonly id: string
  readonly serialNumber: string
  readonly pem: string
}

export interface StoredCertificate extends HandedOut {
  readonly commonName: string
  readonly renewedFrom?: string
  readonly revocation?: Revoked
}

export interface Revoked {
  /** As the API writes it. */
  readonly at: string
  readonly reason: string
}

/** What the certificate of an idempotency key is known by: each key has a name, or a certificate to renew, of its own. */
export type Mark = { readonly commonName: string } | { readonly renewedFrom: string }

export interface ReadCrl {
  readonly number: bigint
  /** Of its bytes. */
  readonly digest: string
  readonly serialNumbers: ReadonlySet<string>
}

/** What had been answered when a question was asked. */
export interface Moment {
  readonly revocations: number
  readonly highestCrl: bigint
}

/** What `certwright doctor` calls an error. */
export interface DoctorError {
  readonly check: string
  readonly subject: string
  readonly message: string
}

/** Everything there is when all is over. */
export interface FinalState {
  readonly certificates: readonly StoredCertificate[]
  readonly doctor: readonly DoctorError[]
}

/** Counts of broken promises; all of them have to be 0. */
export interface Verdict {
  readonly handedOutNotStored: number
  readonly signaturesWithoutReservation: number
  readonly duplicateSerials: number
  readonly crlNumbersReused: number
  readonly keysWithTwoCertificates: number
  readonly revocationsLost: number
}

export class Ledger {
  readonly #keys = new Map<string, Mark>()
  readonly #handedOut = new Map<string, HandedOut>()
  /** By key, the ids of what it was answered with. */
  readonly #answers = new Map<string, Set<string>>()
  /** In the order of the answers. */
  readonly #revoked: { readonly id: string; readonly revocation: Revoked | undefined }[] = []
  readonly #crls = new Map<bigint, string>()
  #highestCrl = 0n
  readonly #notStored = new Set<string>()
  readonly #revocationsLost = new Set<string>()
  readonly #crlNumbersReused = new Set<bigint>()

  /** A request is sent; the same key may be sent again. */
  asked(key: string, mark: Mark): void {
    this.#keys.set(key, mark)
  }

  answered(key: string, certificate: HandedOut): void {
    const answers = this.#answers.get(key) ?? new Set()
    this.#answers.set(key, answers.add(certificate.id))
    this.readBack(certificate.id, certificate)
    this.#handedOut.set(certificate.id, certificate)
  }

  /** @param revocation absent: the answer was that it had been revoked before */
  revoked(certificateId: string, revocation: Revoked | undefined): void {
    this.#revoked.push({ id: certificateId, revocation })
  }

  now(): Moment {
    return { revocations: this.#revoked.length, highestCrl: this.#highestCrl }
  }

  /** @param asked when the question was sent: the answer knows all that was answered before */
  readCrl({ number, digest, serialNumbers }: ReadCrl, asked: Moment): void {
    const known = this.#crls.get(number)
    if ((known !== undefined && known !== digest) || number < asked.highestCrl) {
      this.#crlNumbersReused.add(number)
    }
    this.#crls.set(number, known ?? digest)
    if (number > this.#highestCrl) this.#highestCrl = number
    for (const { id } of this.#revoked.slice(0, asked.revocations)) {
      const serialNumber = this.#handedOut.get(id)?.serialNumber
      if (serialNumber !== undefined && !serialNumbers.has(serialNumber)) this.#revocationsLost.add(id)
    }
  }

  /** @param stored what the store gives for the id of a certificate that was handed out */
  readBack(certificateId: string, stored: HandedOut | undefined): void {
    const promised = this.#handedOut.get(certificateId)
    if (promised === undefined) return
    if (promised.serialNumber !== stored?.serialNumber || promised.pem !== stored.pem) {
      this.#notStored.add(certificateId)
    }
  }

  judge({ certificates, doctor }: FinalState): Verdict {
    const byId = new Map(certificates.map((certificate) => [certificate.id, certificate]))
    for (const id of this.#handedOut.keys()) this.readBack(id, byId.get(id))
    for (const { id, revocation } of this.#revoked) {
      if (!isKept(revocation, byId.get(id)?.revocation)) this.#revocationsLost.add(id)
    }
    return {
      handedOutNotStored: this.#notStored.size,
      signaturesWithoutReservation: doctor.filter(({ check }) => check === 'reservation').length,
      duplicateSerials: duplicateSerials([...this.#handedOut.values(), ...certificates]),
      crlNumbersReused: this.#crlNumbersReused.size,
      keysWithTwoCertificates: this.#keysWithTwo(certificates),
      revocationsLost: this.#revocationsLost.size,
    }
  }

  #keysWithTwo(certificates: readonly StoredCertificate[]): number {
    const keyOfMark = new Map([...this.#keys].map(([key, mark]) => [markText(mark), key]))
    const idsOfKey = new Map([...this.#answers].map(([key, ids]) => [key, new Set(ids)]))
    for (const { id, commonName, renewedFrom } of certificates) {
      const key = keyOfMark.get(markText(renewedFrom === undefined ? { commonName } : { renewedFrom }))
      if (key !== undefined) idsOfKey.set(key, (idsOfKey.get(key) ?? new Set()).add(id))
    }
    return [...idsOfKey.values()].filter((ids) => ids.size > 1).length
  }
}

const markText = (mark: Mark): string =>
  'commonName' in mark ? `name ${mark.commonName}` : `renewal of ${mark.renewedFrom}`

const isKept = (promised: Revoked | undefined, stored: Revoked | undefined): boolean =>
  stored !== undefined &&
  (promised === undefined || (promised.at === stored.at && promised.reason === stored.reason))

/** Of one issuer, as all of them are. */
function duplicateSerials(certificates: readonly HandedOut[]): number {
  const idOfSerial = new Map<string, string>()
  const duplicates = new Set<string>()
  for (const { id, serialNumber } of certificates) {
    const known = idOfSerial.get(serialNumber) ?? id
    if (known !== id) duplicates.add(serialNumber)
    idOfSerial.set(serialNumber, known)
  }
  return duplicates.size
}
