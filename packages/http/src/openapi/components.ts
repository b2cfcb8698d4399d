import type { z } from 'zod'
import { whoamiSchema } from '../schemas/access.js'
import { caAnswerSchema, caListSchema, caSchema, caSummarySchema, chainSchema } from '../schemas/ca.js'
import {
  certificateAnswerSchema,
  certificateListSchema,
  certificateSchema,
  certificateSummarySchema,
  issueAnswerSchema,
  issuedCertificateSchema,
  renewAnswerSchema,
  revokeAnswerSchema,
  revokedCertificateSchema,
} from '../schemas/certificate.js'
import { issueBodySchema, renewBodySchema, revokeBodySchema } from '../schemas/certificate-requests.js'
import { errorBodySchema } from '../schemas/error.js'
import type { SchemaObject } from './document-types.js'
import { type Side, schemaObject } from './schema-object.js'

/** The schemas that the document names, so that generated clients get types with names. */
const answers: Readonly<Record<string, z.ZodType>> = {
  Error: errorBodySchema,
  Whoami: whoamiSchema,
  CaList: caListSchema,
  CaSummary: caSummarySchema,
  CaAnswer: caAnswerSchema,
  Ca: caSchema,
  CaChain: chainSchema,
  CertificateList: certificateListSchema,
  CertificateSummary: certificateSummarySchema,
  CertificateAnswer: certificateAnswerSchema,
  Certificate: certificateSchema,
  IssueAnswer: issueAnswerSchema,
  RenewAnswer: renewAnswerSchema,
  IssuedCertificate: issuedCertificateSchema,
  RevokeAnswer: revokeAnswerSchema,
  RevokedCertificate: revokedCertificateSchema,
}

const requests: Readonly<Record<string, z.ZodType>> = {
  IssueRequest: issueBodySchema,
  RenewRequest: renewBodySchema,
  RevokeRequest: revokeBodySchema,
}

const names = new Map<z.core.$ZodType, string>(
  Object.entries({ ...answers, ...requests }).map(([name, schema]) => [schema, name]),
)

const nameOf = (part: z.core.$ZodType): string | undefined => names.get(part)

export function componentSchemas(): Record<string, SchemaObject> {
  return { ...objectsOf(answers, 'output'), ...objectsOf(requests, 'input') }
}

function objectsOf(schemas: Readonly<Record<string, z.ZodType>>, side: Side): Record<string, SchemaObject> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, schemaObject(schema, side, nameOf)]),
  )
}

/** The reference to a named schema, the schema itself where it has no name. */
export function referenceOrSchema(schema: z.ZodType, side: Side): SchemaObject {
  const name = nameOf(schema)
  return name === undefined ? schemaObject(schema, side) : { $ref: `#/components/schemas/${name}` }
}
