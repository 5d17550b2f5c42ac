import type { ApiRoute } from '@linkbroker/contracts';
import { z } from 'zod';
import { API_PREFIX, statusOf } from '../http/api-endpoint.js';
import { parametersOf } from '../http/read-input.js';

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

/**
 * The document of the API, made of the very routes that are served.
 * @param routes by their names; the name becomes the operation's id
 * @see OpenAPI 3.1.1
 */
export function buildOpenApi(routes: Readonly<Record<string, ApiRoute>>, about: { adminUrl: string; version: string }) {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, route] of Object.entries(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(name, route) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Linkbroker admin API', version: about.version },
    servers: [{ url: `${about.adminUrl}/${API_PREFIX}` }],
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: "An API key, or the operator key of the installation's DATA_DIR",
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-linkbroker_admin',
          description: 'With x-csrf-token on whatever changes something',
        },
      },
    },
  };
}

const schemaOf = (shape: z.ZodType, io: 'input' | 'output'): object => {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' });
  return schema;
};

function operationOf(name: string, route: ApiRoute): object {
  const { access } = route;
  const isTenants = typeof access === 'object';
  return {
    operationId: operationId(name),
    summary: route.summary,
    tags: [
      route.path.split('/').find((part) => part !== '' && part !== 'tenants' && !part.startsWith('{')) ?? 'tenants',
    ],
    ...(access === 'public' ? { security: [] } : { security: [{ bearer: [] }, { session: [] }] }),
    'x-access': isTenants ? access.tenant : access,
    parameters: [...parametersOf(route.path).map(pathParameter), ...queryParameters(route)],
    ...(route.body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } },
    }),
    responses: {
      [String(statusOf(route))]: successOf(route),
      default: {
        description: 'A problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** `LIST_LINKS` becomes `listLinks`. */
const operationId = (name: string): string =>
  name.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const pathParameter = (name: string): object => ({ name, in: 'path', required: true, schema: { type: 'string' } });

function queryParameters({ query }: ApiRoute): object[] {
  return Object.entries(query?.shape ?? {}).map(([name, shape]) => ({
    name,
    in: 'query',
    required: !(shape as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(shape as z.ZodType, 'input'),
  }));
}

function successOf(route: ApiRoute): object {
  if (route.contentType !== undefined)
    return { description: 'Success', content: { [route.contentType]: { schema: { type: 'string' } } } };
  if (!route.answer) return { description: 'Done' };
  return { description: 'Success', content: { 'application/json': { schema: schemaOf(route.answer, 'output') } } };
}
