import { Wall } from '@beacontower/contracts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { WallReader } from '../wall/wall.ts';

const DESCRIPTION = `Made once for all callers of the same divisions. What nobody has judged for too long is unknown, whatever it was. Figures are
computed more seldom than states (\`figuresAt\`), and do not hold them up.`;

/** Everything one screen shows of the country. */
export function registerWall(app: App, context: RouteContext): void {
  const reader = new WallReader(context);
  // Whoever looks first need not wait for all objects to be read.
  app.addHook('onListen', (done) => {
    context.objects.read().catch((error: unknown) => context.logger.warn({ err: error }, 'the objects could not be read'));
    done();
  });
  app.get(
    '/api/v1/wall',
    { schema: { ...describe('wall', 'The country on one screen', 'read', DESCRIPTION), response: { 200: Wall } } },
    async (request, reply) => (await reader.read(principalOf(request).divisions)).json.send(request, reply),
  );
}
