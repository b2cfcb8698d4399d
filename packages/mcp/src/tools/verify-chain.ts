import { isPkiError, parseCertificates, PkiError } from '@certwright/core'
import { type ServiceIdentity, verifyCertificate } from '@certwright/core/path'
import { z } from 'zod'
import { renderVerdict } from '../render-verdict.js'
import { instant, pemText } from './inputs.js'
import { defineTool, type ToolCall } from './tool.js'

export const verifyChain = defineTool({
  name: 'verify_chain',
  title: 'Verify a certificate chain',
  description:
    'Builds and validates a path (RFC 5280, RFC 9525) from the first certificate of a PEM text, as servers send it, to a ' +
    'trust anchor: those given, else the roots that you may read here. Tells the path, or every path that was tried and ' +
    'the first fault of each. Nothing is fetched, and revocation is not looked at.',
  input: z.strictObject({
    chainPem: pemText.describe('The certificate, then those that may lie on its path'),
    trustAnchorsPem: pemText.exactOptional(),
    name: z.string().max(2048).exactOptional().describe('The host, IP address or mailbox that is expected'),
    purpose: z
      .string()
      .max(100)
      .exactOptional()
      .describe('serverAuth, clientAuth, …, an OID, or any. Default: serverAuth with a name, else any'),
    at: instant.exactOptional().describe('The time of validation; default: now'),
  }),
  effect: 'none',
  async run({ chainPem, trustAnchorsPem, name, purpose, at }, call) {
    const [certificate, ...intermediates] = readCertificates('chainPem', chainPem)
    if (certificate === undefined) throw unreadable('chainPem', 'holds no certificate')
    const verdict = await verifyCertificate({
      certificate,
      intermediates,
      trustAnchors:
        trustAnchorsPem === undefined
          ? await readableRoots(call)
          : readCertificates('trustAnchorsPem', trustAnchorsPem),
      at: at === undefined ? call.now() : new Date(at),
      purpose: purpose ?? (name === undefined ? 'any' : 'serverAuth'),
      ...(name !== undefined && { identity: identityOf(name) }),
    })
    return renderVerdict(verdict)
  },
})

function readCertificates(field: string, pem: string) {
  try {
    return parseCertificates(pem)
  } catch (error) {
    if (!isPkiError(error)) throw error
    throw unreadable(field, error.message)
  }
}

function unreadable(path: string, message: string): PkiError<'invalid_request'> {
  return new PkiError('invalid_request', `Cannot verify chain: ${path}: ${message}`, {
    issues: [{ path, message }],
  })
}

async function readableRoots({ authority, caller }: ToolCall): Promise<readonly string[]> {
  const roots = await authority.listCas({ type: 'root' }, caller)
  return roots.map(({ certificatePem }) => certificatePem)
}

function identityOf(name: string): ServiceIdentity {
  if (/^[0-9.]+$|:/.test(name)) return { type: 'ip', value: name }
  return { type: name.includes('@') ? 'email' : 'dns', value: name }
}
