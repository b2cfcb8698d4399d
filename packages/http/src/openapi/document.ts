import type { Endpoint, Operation } from '../routes/endpoint.js'
import { componentSchemas } from './components.js'
import type { OpenApiDocument, OperationObject } from './document-types.js'
import { operationObject } from './operation-object.js'
import { refusalResponses, responseHeaders } from './refusals.js'

/**
 * The OpenAPI 3.0.3 document of the endpoints.
 *
 * @param serverUrl absolute, or a path such as `/pki`
 */
export function openApiDocument(endpoints: readonly Endpoint[], serverUrl: string): OpenApiDocument {
  const documented = endpoints.filter(isDocumented)
  const paths: Record<string, Record<string, OperationObject>> = {}
  for (const endpoint of documented) {
    const path = endpoint.path.replace(/[:*](\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationObject(endpoint) }
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Certwright',
      version: '1',
      description:
        'Issue, renew and revoke X.509 certificates. Operations and fields marked as an extension are additions of Certwright.',
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(documented.map(({ operation }) => operation.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer cm_…`' },
      },
      schemas: componentSchemas(),
      responses: refusalResponses,
      headers: responseHeaders,
    },
  }
}

type DocumentedEndpoint = Endpoint & { readonly operation: Operation }

const isDocumented = (endpoint: Endpoint): endpoint is DocumentedEndpoint => endpoint.operation !== undefined
