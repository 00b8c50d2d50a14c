import { ObjectIndex } from '@beacontower/contracts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { describe, NoContent } from '../openapi.ts';
import { IndexReader } from '../wall/object-index.ts';

const DESCRIPTION = `For lists that are searched and scrolled where they are shown; keep it up to date by live events after \`sequence\`. Answers 304
to an \`If-None-Match\` with the \`ETag\` of an index that is still so.`;

/** Every object of the caller at once, in columns. */
export function registerObjectIndex(app: App, context: RouteContext): void {
  const reader = new IndexReader(context);
  app.get(
    '/api/v1/objects/index',
    {
      schema: {
        ...describe('objects', 'All objects in columns', 'read', DESCRIPTION),
        response: { 200: ObjectIndex, 304: NoContent.describe('It is still so') },
      },
    },
    async (request, reply) => {
      const { tag, read } = await reader.at(principalOf(request).divisions, context.clock.now());
      reply.header('etag', tag);
      if (request.headers['if-none-match'] === tag) return reply.code(304).send(undefined);
      return (await read()).send(request, reply);
    },
  );
}
