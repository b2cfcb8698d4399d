import { createHash } from 'node:crypto'
import { type GeneralName, keyPurposes } from '@certwright/core'
import { type EndEntitySpec, type ForgedCertificate, forgeEndEntity } from '../forge/forge-certificate.js'
import { type ForgeKey, forgeKey, type ForgeKeyAlgorithm, randomKey } from '../forge/keys/forge-key.js'
import { type AnsweringCa, answerRequest } from './answer-request.js'
import { addressesOf, baseUrl } from './addresses.js'
import { chainOfCas } from './chain-of-cas.js'
import { mailbox, serverName } from './leaf-names.js'
import { type MiniLeaf, miniLeaf } from './mini-leaf.js'
import { type Validity, validityWindows } from './validity-windows.js'
import { writeFiles } from './write-files.js'

export interface MiniCaOptions {
  /** Decides every byte: keys, serial numbers and signatures. Default: keys that nobody had before. */
  readonly seed?: string
  /** CAs between root and leaves: 0 to 8. Default: 1. */
  readonly intermediates?: number
  /** Of all keys. Default: `ECDSA-P256`. RSA takes a tenth of a second and more for each key. */
  readonly algorithm?: Exclude<ForgeKeyAlgorithm, 'RSA-1024'>
  /**
   * The time of the test: leaves are valid from a day before to 89 days after. Default: from 2020 to 2049, so that no
   * clock matters.
   */
  readonly at?: Date
}

/** What is special about one certificate; all else of `EndEntitySpec` can be given too, right or wrong. */
export interface LeafOptions extends Omit<EndEntitySpec, 'issuer' | 'names' | 'key'> {
  /** More names beside the first. */
  readonly names?: readonly (string | GeneralName)[]
  readonly algorithm?: ForgeKeyAlgorithm
}

/** A certificate authority for tests, in memory, without a port and without files. */
export interface MiniCa {
  /** What clients trust. */
  readonly rootPem: string
  /** The CAs below the root, the issuing one first; empty where there are none. */
  readonly chainPem: string
  /** All CAs, the root first, for tests that go on with the forge. */
  readonly cas: readonly ForgedCertificate[]
  /** For a client that only trusts: `https.request`, `tls.connect`, undici's `new Agent({ connect })`. */
  readonly client: { readonly ca: string }
  /**
   * For `chromium.launch`: Chromium has no option for a trust anchor, but can be told that this CA's key makes up for one.
   */
  readonly playwright: { readonly args: readonly string[] }
  /** A server: its DNS name or IP address. */
  leaf(name: string, options?: LeafOptions): MiniLeaf
  /** A client: a common name; a mailbox becomes its alternative name, too. */
  clientLeaf(name: string, options?: LeafOptions): MiniLeaf
  expired(name?: string, options?: LeafOptions): MiniLeaf
  notYetValid(name?: string, options?: LeafOptions): MiniLeaf
  /** One that the CRL and OCSP of this CA say is revoked. */
  revoked(name?: string, options?: LeafOptions): MiniLeaf
  /** From here on, for one that was valid. @throws {RangeError} of another CA */
  revoke(leaf: MiniLeaf): void
  /**
   * What the addresses in the certificates answer: CRLs, OCSP by GET and POST, and issuers' certificates.
   *
   * @throws {TypeError} as `fetch` does where there is no such host: no other is reached
   */
  readonly fetch: (input: Request | URL | string, init?: RequestInit) => Promise<Response>
  /**
   * Put `root.pem`, `chain.pem`, and each leaf so far as `NAME.pem` with its chain and `NAME.key` with mode 0600 into
   * a folder, which is made where it is not there. The keys of the CAs stay in memory.
   *
   * @returns the paths
   */
  writeTo(folder: string): Promise<readonly string[]>
}

const maximumIntermediates = 8

/**
 * Start a CA.
 *
 * @throws {RangeError} `intermediates` or `at`
 */
export async function miniCa(options: MiniCaOptions = {}): Promise<MiniCa> {
  const { seed, intermediates = 1, algorithm = 'ECDSA-P256', at } = options
  if (!Number.isInteger(intermediates) || intermediates < 0 || intermediates > maximumIntermediates) {
    throw new RangeError(`intermediates: expected 0 to ${maximumIntermediates}, got ${intermediates}`)
  }
  const windows = validityWindows(at)
  const keyOf = (use: string, wanted: ForgeKeyAlgorithm = algorithm): ForgeKey =>
    seed === undefined ? randomKey(wanted) : forgeKey(`mini-ca/${seed}/${use}`, wanted)
  const cas = chainOfCas(intermediates, keyOf, windows.ca)
  const issuerNumber = cas.length - 1
  const issuer = cas.at(-1) ?? cas[0]
  const answering: AnsweringCa[] = cas.map((ca) => ({ ...ca, revoked: new Map(), validity: windows.ca }))
  const [root, ...below] = cas
  const { pem: rootPem } = root
  const chainPem = below
    .map(({ pem }) => pem)
    .reverse()
    .join('')
  const leaves: MiniLeaf[] = []
  const timesUsed = new Map<string, number>()

  const issue = (kind: 'leaf' | 'client', name: string, spec: LeafOptions, validity: Validity): MiniLeaf => {
    const { names = [], algorithm: ownAlgorithm, ...rest } = spec
    const use = `${kind}/${name}`
    const number = (timesUsed.get(use) ?? 0) + 1
    timesUsed.set(use, number)
    const first = kind === 'leaf' ? [serverName(name)] : mailbox(name)
    const purpose = kind === 'leaf' ? keyPurposes.serverAuth : keyPurposes.clientAuth
    const certificate = forgeEndEntity({
      // ub-common-name, RFC 5280 appendix A.1
      subject: name.slice(0, 64),
      purposes: [purpose],
      ...validity,
      ...rest,
      extensions: [...addressesOf(issuerNumber), ...(rest.extensions ?? [])],
      key: keyOf(`${use}/${number}`, ownAlgorithm),
      names: [...first, ...names],
      issuer,
    })
    const leaf = miniLeaf({ name, certificate, rootPem, chainPem })
    leaves.push(leaf)
    return leaf
  }

  const ca: MiniCa = {
    rootPem,
    chainPem,
    cas,
    client: { ca: rootPem },
    playwright: { args: [`--ignore-certificate-errors-spki-list=${spkiHash(issuer)}`] },
    leaf: (name, spec = {}) => issue('leaf', name, spec, windows.valid),
    clientLeaf: (name, spec = {}) => issue('client', name, spec, windows.valid),
    expired: (name = 'expired.test', spec = {}) => issue('leaf', name, spec, windows.expired),
    notYetValid: (name = 'not-yet-valid.test', spec = {}) => issue('leaf', name, spec, windows.notYetValid),
    revoked(name = 'revoked.test', spec = {}) {
      const leaf = ca.leaf(name, spec)
      ca.revoke(leaf)
      return leaf
    },
    revoke(leaf) {
      if (!leaves.includes(leaf)) throw new RangeError('revoke: expected a leaf of this CA')
      const { serialNumber } = leaf
      answering[issuerNumber]?.revoked.set(serialNumber, windows.valid.notBefore)
    },
    fetch: (input, init) => answerRequest(new Request(input, init), baseUrl, answering),
    writeTo: (folder) => writeFiles(folder, { rootPem, chainPem, leaves }),
  }
  return ca
}

/** What Chromium knows a key by: SHA-256 of its SubjectPublicKeyInfo. */
const spkiHash = ({ key }: ForgedCertificate): string =>
  createHash('sha256').update(key.spkiDer).digest('base64')
