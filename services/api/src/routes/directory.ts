import { Directory } from '@beacontower/contracts';
import { readDirectory } from '@beacontower/database';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { describe } from '../openapi.ts';

/** What ids are called, and who there is. */
export function registerDirectory(app: App, { database }: RouteContext): void {
  app.get(
    '/api/v1/directory',
    {
      schema: {
        ...describe(
          'incidents',
          'Names of contacts, accounts, parties and divisions',
          'read',
          'Contacts and parties are of the node; accounts and divisions are those that have to do with yours.',
        ),
        response: { 200: Directory },
      },
    },
    async (request) => {
      const { name, divisions } = principalOf(request);
      return readDirectory(database, name, divisions);
    },
  );
}
