import {
  createCertificateBundle,
  createPemBundle,
  createPkcs12,
  encryptPrivateKey,
} from '@certwright/containers'
import { CommandError } from '../command-error.js'
import type { ExportMaterial } from './material.js'

/** How a format is made. */
export interface ExportFormat {
  /** Whether the file holds a private key, and is for its owner's eyes alone. */
  readonly isSecret: (material: ExportMaterial) => boolean
  make(material: ExportMaterial): Promise<Uint8Array | string>
}

/** In the order of the usage text. */
export const formats: Readonly<Record<string, ExportFormat>> = {
  p12: {
    isSecret: () => true,
    make: (material) =>
      createPkcs12({
        privateKey: needed(material.privateKey, 'p12', '--key'),
        certificate: needed(material.certificate, 'p12', '--certificate'),
        password: needed(material.password, 'p12', '--password-file'),
        ...(material.chain !== undefined && { chain: material.chain }),
        ...(material.name !== undefined && { friendlyName: material.name }),
      }),
  },
  p7b: {
    isSecret: () => false,
    make: async (material) => {
      const certificate = needed(material.certificate, 'p7b', '--certificate')
      return createCertificateBundle(certificate + (material.chain ?? '')).pem
    },
  },
  pem: {
    isSecret: ({ privateKey }) => privateKey !== undefined,
    make: (material) =>
      createPemBundle({
        certificate: needed(material.certificate, 'pem', '--certificate'),
        ...(material.privateKey !== undefined && { privateKey: material.privateKey }),
        ...(material.chain !== undefined && { chain: material.chain }),
      }),
  },
  key: {
    isSecret: () => true,
    make: async (material) => {
      const privateKey = needed(material.privateKey, 'key', '--key')
      return (await encryptPrivateKey(privateKey, needed(material.password, 'key', '--password-file'))).pem
    },
  },
}

function needed<T>(value: T | undefined, format: string, flag: string): T {
  if (value !== undefined) return value
  throw new CommandError(
    'usage',
    `cannot export: format ${format} needs ${flag}; see "certwright export --help"`,
  )
}
