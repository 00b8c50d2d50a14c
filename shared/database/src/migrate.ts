import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';

const MIGRATIONS = fileURLToPath(new URL('../migrations/', import.meta.url));

/** Brings the schema up to this version under an advisory lock; a second caller waits and finds nothing to do. */
export async function migrate(url: string, log: (message: string) => void = () => undefined): Promise<void> {
  await runner({
    databaseUrl: url,
    dir: MIGRATIONS,
    direction: 'up',
    migrationsTable: 'schema_migrations',
    checkOrder: true,
    singleTransaction: true,
    advisoryLockMode: 'wait',
    log,
    verbose: false,
  });
}
