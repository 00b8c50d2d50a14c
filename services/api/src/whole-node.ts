import { type Database, readCurrentEntities, type Scope, scopeCovers } from '@beacontower/database';

/** Whether the scope covers the node's own division, and so the whole of it; before the first configuration only a scope of all does. */
export async function coversNode(database: Database, scope: Scope): Promise<boolean> {
  if (scope.includes('')) return true;
  const [node] = await readCurrentEntities(database, 'node');
  return scopeCovers(scope, node?.division ?? '');
}
