import { startPostgres } from '@beacontower/testing';
import { expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { createDatabase } from './pool.ts';

it('several that begin at the same time wait for one another, and each finds the schema there', async () => {
  const postgres = await startPostgres();
  const database = createDatabase({ url: postgres.url, applicationName: 'test' });
  try {
    await Promise.all(Array.from({ length: 6 }, () => migrate(postgres.url)));
    expect((await database.query('SELECT 1 FROM node_identity')).rowCount).toBe(0);
  } finally {
    await database.close();
    await postgres.stop();
  }
});
