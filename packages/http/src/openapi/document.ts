import type { OAuth2Urls } from '../extension.js'
import type { Endpoint, Operation, Tag } from '../routes/endpoint.js'
import { componentSchemas } from './components.js'
import type { OpenApiDocument, OperationObject } from './document-types.js'
import { operationObject } from './operation-object.js'
import { refusalResponses, responseHeaders } from './refusals.js'

/** What the document tells besides the endpoints. */
export interface DocumentFacts {
  /** Absolute, or a path such as `/pki`. */
  readonly serverUrl: string
  /** Absent: API keys alone. */
  readonly oauth2?: OAuth2Urls | undefined
}

/** The OpenAPI 3.0.3 document of the endpoints. */
export function openApiDocument(
  endpoints: readonly Endpoint[],
  { serverUrl, oauth2 }: DocumentFacts,
): OpenApiDocument {
  const documented = endpoints.filter(isDocumented)
  const schemes = securitySchemes(oauth2)
  const credentials = Object.keys(schemes)
  const paths: Record<string, Record<string, OperationObject>> = {}
  for (const endpoint of documented) {
    const path = endpoint.path.replace(/[:*](\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationObject(endpoint, credentials) }
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Certwright',
      version: '1',
      description:
        'Issue, renew and revoke X.509 certificates. Operations and fields marked as an extension are additions of Certwright.',
      license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(documented.map(({ operation }) => operation.tag))].map((name) => ({
      name,
      description: tags[name],
    })),
    paths,
    components: {
      securitySchemes: schemes,
      schemas: componentSchemas(),
      responses: refusalResponses,
      headers: responseHeaders,
    },
  }
}

const tags: Readonly<Record<Tag, string>> = {
  Access: 'Who is asking, and what users have granted',
  'Certificate authorities': 'The CAs that the credential may read',
  Certificates: 'Issue, find, renew and revoke',
  'Revocation information': 'For relying parties: no credential is needed',
  Documents: 'What there is to read about this API',
}

function securitySchemes(oauth2: OAuth2Urls | undefined): Record<string, object> {
  const bearer = {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key: `Authorization: Bearer cm_…`',
  }
  if (oauth2 === undefined) return { bearer }
  const { authorizationUrl, tokenUrl } = oauth2
  return {
    bearer,
    oauth2: {
      type: 'oauth2',
      description:
        'OAuth 2.1: PKCE with S256, and no scopes. What a token may do the user decides, CA by CA; it is sent like an API key',
      flows: { authorizationCode: { authorizationUrl, tokenUrl, refreshUrl: tokenUrl, scopes: {} } },
    },
  }
}

type DocumentedEndpoint = Endpoint & { readonly operation: Operation }

const isDocumented = (endpoint: Endpoint): endpoint is DocumentedEndpoint => endpoint.operation !== undefined
