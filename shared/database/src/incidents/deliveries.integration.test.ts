import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../pool.ts';
import { readDueDeliveries } from './deliveries.ts';

let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
});
afterAll(async () => {
  await server.stop();
});

const INCIDENT = '00000000-0000-4000-8000-000000000001';

/** Inserts a delivery named by a digit. */
async function insert(name: number, step: string, state: string, dueAt: number, follows: number | null = null): Promise<void> {
  // One that follows another goes to the same contact.
  const contact = `c${follows ?? name}`;
  const id = (digit: number) => `00000000-0000-4000-8000-00000000010${digit}`;
  await db.query(
    `INSERT INTO deliveries (id, incident_id, step, contact, channel, target_channel, language, payload, follows, state, created_at, due_at, decided_at)
     VALUES ($1, $2, $3, $4, 'hook', 'hook', 'en', '{}', $5, $6, 0, $7, 0)`,
    [id(name), INCIDENT, step, contact, follows === null ? null : id(follows), state, dueAt],
  );
}

it('what waits for the message before it does not crowd out what the bus has lost', async () => {
  await db.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, class, title, started_at, started_earliest, started_latest, opened_at)
     VALUES ($1, 'resolved', 'major', 'n:a', 'cn', 'backbone', 't', 0, 0, 0, 0)`,
    [INCIDENT],
  );
  await insert(1, 'opened', 'retrying', 900);
  await insert(2, 'resolved', 'pending', 10, 1);
  await insert(3, 'opened', 'delivered', 10);
  await insert(4, 'resolved', 'pending', 20, 3);
  await insert(5, 'opened', 'pending', 30);
  await insert(6, 'opened', 'dead', 10);
  const found = await readDueDeliveries(db, 500, 2);
  expect(found.map(({ id }) => id.slice(-1))).toEqual(['4', '5']);
});
