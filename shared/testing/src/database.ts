import { createDatabase, type Database, migrate } from '@beacontower/database';
import { startPostgres, type TestServer } from './services.ts';

/** A private PostgreSQL with the product's schema, and connections to it. */
export interface TestDatabase {
  readonly server: TestServer;
  readonly database: Database;
  /** Closes the connections, ends the server and removes its files. */
  stop(): Promise<void>;
}

/** Starts a private PostgreSQL and makes the product's schema in it. */
export async function startDatabase(): Promise<TestDatabase> {
  const server = await startPostgres();
  try {
    await migrate(server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const database = createDatabase({ url: server.url, applicationName: 'test', maxConnections: 4, onError: () => undefined });
  return {
    server,
    database,
    async stop() {
      await database.close();
      await server.stop();
    },
  };
}
