import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Access, App } from './context.ts';
import { PROBLEM_TYPE } from './http/errors.ts';
import { ICON_SVG, LOGO_SVG } from './pages/logo.ts';
import { VERSION } from './version.ts';

const DESCRIPTION = `Times are RFC 3339 in UTC; \`from\`/\`to\` are half-open; durations are integer milliseconds; errors are
RFC 9457 problem+json with a stable \`code\`. Lists are \`{items, nextCursor}\`. Writes take \`Idempotency-Key\`, changes of a
thing with a revision need \`If-Match\`. Every answer holds only what lies in the divisions of the caller's token.`;

/** Makes the OpenAPI 3.1 document from the schemas of the routes registered after it. */
export async function registerOpenApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Beacontower', description: DESCRIPTION, version: VERSION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, session: { type: 'apiKey', in: 'cookie', name: 'beacontower' } },
      },
      security: [{ bearer: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withProblems(jsonSchemaTransformObject(document) as unknown as OpenApiDocument),
  });
  // The pages of the reference are open to all: they hold nothing but this document.
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { ...route.config, access: 'public', rateLimit: false };
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO_SVG), href: '/' },
    theme: {
      title: 'Beacontower API',
      favicon: [{ filename: 'icon.svg', rel: 'icon', sizes: 'any', type: 'image/svg+xml', content: Buffer.from(ICON_SVG) }],
    },
    uiConfig: { docExpansion: 'list', persistAuthorization: false, tryItOutEnabled: true },
  });
}

/** `GET /openapi.json`. */
export function registerDocument(app: App): void {
  app.get('/openapi.json', { config: { access: 'public', rateLimit: false }, schema: { hide: true } }, async () => app.swagger());
}

interface Operation {
  security?: unknown;
  responses?: Record<string, unknown>;
}
interface OpenApiDocument {
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, unknown> };
}

// Every operation may answer with a problem; said once here instead of in each route.
function withProblems(document: OpenApiDocument): never {
  const problem = {
    description: 'A problem (RFC 9457)',
    content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const operations of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(operations)) operation.responses = { ...operation.responses, default: problem };
  }
  return document as never;
}

/** What a route says of itself in the document. */
export function describe(tag: string, summary: string, access: Access, description?: string) {
  return {
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(access === 'public' ? { security: [] } : {}),
  };
}

/** An answer without a body. */
export const NoContent = z.undefined().describe('Done');
