/** Messages as routing leaves them, written straight into the record: what sends them is tested without what decided them. */
import { randomUUID } from 'node:crypto';
import type { Severity } from '@beacontower/domain';
import { sampleMessage } from '@beacontower/messages';
import { waitFor } from '@beacontower/testing';
import type { Fixture } from '../alerting.fixture.ts';

export interface RowOptions {
  readonly incident?: string;
  readonly step?: 'opened' | 'escalated' | 'repeated' | 'resolved' | 'group';
  readonly severity?: Severity;
  readonly channel?: string;
  readonly address?: string | null;
  readonly fallbacks?: readonly { readonly channel: string; readonly address: string | null }[];
  readonly state?: string;
  readonly carrier?: string;
  readonly follows?: string;
  /** Older than now, ms. */
  readonly ageMs?: number;
  readonly language?: 'zh' | 'en';
}

export interface SentRow {
  readonly id: string;
  readonly state: string;
  readonly channel: string;
  readonly attempt: number;
  readonly inDoubt: number;
  readonly lastError: string | null;
  readonly held: string | null;
  readonly firstAttemptAt: number | null;
  readonly diverted: readonly { readonly channel: string; readonly why: string }[];
  readonly [column: string]: unknown;
}

/** An incident that nobody works on: closed, or the correlator would end it. Returns its id. */
export async function insertIncident(fixture: Fixture, severity: Severity = 'major'): Promise<string> {
  const id = randomUUID();
  await fixture.database.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, class, title, started_at, started_earliest, started_latest, opened_at)
     VALUES ($1::uuid, 'closed', $2, $1::uuid::text, 'cn', 'backbone', 't', 0, 0, 0, 0)`,
    [id, severity],
  );
  return id;
}

/** A delivery to the contact `noc`; about an incident of its own unless told. Returns its id. */
export async function insertRow(fixture: Fixture, options: RowOptions = {}): Promise<string> {
  const {
    step = 'opened',
    severity = 'major',
    channel = 'hook',
    address = null,
    fallbacks = [],
    state = 'pending',
    language = 'zh',
  } = options;
  const id = randomUUID();
  const incident = step === 'group' ? null : (options.incident ?? (await insertIncident(fixture, severity)));
  const now = Date.now() - (options.ageMs ?? 0);
  const sample = sampleMessage('outage', step === 'group' ? 'opened' : step, language);
  const payload =
    incident === null ? { most: 2, total: 0 } : { ...sample, id: randomUUID(), incident: { ...sample.incident, id: incident, severity } };
  await fixture.database.query(
    `INSERT INTO deliveries (id, incident_id, step, contact, channel, address, target_channel, target_address, fallbacks, language, payload, state,
       carrier, follows, created_at, due_at, released_at, decided_at)
     VALUES ($1, $2, $3, 'noc', $4, $5, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12, $12)`,
    [
      id,
      incident,
      step,
      channel,
      address,
      JSON.stringify(fallbacks),
      language,
      payload,
      state,
      options.carrier ?? null,
      options.follows ?? null,
      now,
    ],
  );
  return id;
}

/** The rows as they are now, in the order asked. */
export async function readRows(fixture: Fixture, ids: readonly string[]): Promise<SentRow[]> {
  const result = await fixture.database.query<SentRow>(
    `SELECT id, state, channel, attempt, in_doubt AS "inDoubt", last_error AS "lastError", held, first_attempt_at AS "firstAttemptAt", diverted
     FROM deliveries WHERE id = ANY ($1::uuid[]) ORDER BY array_position($1::uuid[], id)`,
    [ids],
  );
  return result.rows;
}

/** The rows as soon as each matches. */
export function untilRows(
  fixture: Fixture,
  ids: readonly string[],
  matches: (row: SentRow) => boolean = (row) => row.state === 'delivered',
  timeoutMs = 20_000,
): Promise<SentRow[]> {
  return waitFor(
    async () => {
      const rows = await readRows(fixture, ids);
      return rows.every(matches) ? rows : undefined;
    },
    { timeoutMs, what: 'the deliveries' },
  );
}
