import { ObjectIndex } from '@beacontower/contracts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { describe, NoContent } from '../openapi.ts';
import { readIndexVersion, readObjectIndex } from '../wall/object-index.ts';

const DESCRIPTION = `For lists that are searched and scrolled where they are shown; keep it up to date by live events after \`sequence\`. Answers 304
to an \`If-None-Match\` with the \`ETag\` of an index that is still so.`;

/** Every object of the caller at once, in columns. */
export function registerObjectIndex(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/objects/index',
    {
      schema: {
        ...describe('objects', 'All objects in columns', 'read', DESCRIPTION),
        response: { 200: ObjectIndex, 304: NoContent.describe('It is still so') },
      },
    },
    async (request, reply) => {
      const { divisions } = principalOf(request);
      const version = await readIndexVersion(database, divisions, clock.now());
      reply.header('etag', version.tag);
      if (request.headers['if-none-match'] === version.tag) return reply.code(304).send(undefined);
      reply.header('content-type', 'application/json; charset=utf-8');
      // As bytes: what is text already is not put through the schema once more.
      return reply.send(Buffer.from(await readObjectIndex(database, divisions, version)) as never);
    },
  );
}
