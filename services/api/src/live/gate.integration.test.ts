import { randomUUID } from 'node:crypto';
import { waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../context.ts';
import { BOOTSTRAP_ID } from '../http/auth.ts';
import { type Harness, NOW, startHarness } from '../test-harness.ts';
import { LiveGate } from './gate.ts';

let harness: Harness;
let gate: LiveGate;
const resolved: string[] = [];

beforeAll(async () => {
  harness = await startHarness();
  gate = new LiveGate({
    ...harness.deps,
    lookMs: 20,
    // Who is over by time, as the sessions themselves know.
    resolvePrincipal: async ({ headers }) => {
      resolved.push(headers.authorization ?? '');
      return headers.authorization === 'over' ? null : principal(randomUUID());
    },
  });
  gate.start();
});
afterAll(async () => {
  await gate?.stop();
  await harness?.close();
});

const principal = (id: string): Principal => ({ id, name: 'x', roles: ['viewer'], divisions: [''] });

async function token(): Promise<string> {
  const id = randomUUID();
  await harness.database.query(
    "INSERT INTO api_tokens (id, name, hash, roles, divisions, created_at, created_by) VALUES ($1, 'x', $3, '{viewer}', '{}', $2, 'x')",
    [id, NOW, Buffer.from(id)],
  );
  return id;
}

/** Follows as a token that is sent, or as a session signed in by one. */
function follow(who: Principal, authorization = ''): { left: () => boolean; stop: () => void } {
  let left = false;
  const stop = gate.watch(who, { headers: { authorization }, protocol: 'http' }, () => {
    left = true;
  });
  return { left: () => left, stop };
}

describe('who follows live events', () => {
  it('is shown out with all streams when the token is revoked; others stay', async () => {
    const [mine, other] = [await token(), await token()];
    const streams = [follow(principal(mine)), follow(principal(mine)), follow(principal(other)), follow(principal(BOOTSTRAP_ID))];
    await harness.database.query('UPDATE api_tokens SET revoked_at = $2 WHERE id = $1', [mine, NOW]);
    await waitFor(() => streams[0]?.left() === true);
    expect(streams.map(({ left }) => left())).toEqual([true, true, false, false]);
    for (const { stop } of streams) stop();
  });

  it('is shown out when the session is ended', async () => {
    const id = randomUUID();
    await harness.database.query(
      `INSERT INTO sessions (id, token_id, hash, csrf, stage, method, agent, created_at, seen_at, expires_at)
       VALUES ($1, $2, sha256('x'), 'x', 'full', 'token', 'x', $3::bigint, $3, $3 + 3600000)`,
      [id, await token(), NOW],
    );
    const stream = follow({ ...principal(randomUUID()), session: { id } as NonNullable<Principal['session']> });
    const asked = resolved.length;
    harness.clock.advance(1_000);
    expect(stream.left()).toBe(false);
    await harness.database.query('UPDATE sessions SET ended_at = $2 WHERE id = $1', [id, NOW]);
    await waitFor(stream.left);
    expect(resolved.length).toBe(asked);
    stream.stop();
  });

  it('is looked at in full once a minute, and shown out when the session is over by time', async () => {
    const [mine, over] = [await token(), await token()];
    const streams = [follow(principal(mine), 'fine'), follow(principal(over), 'over')];
    resolved.length = 0;
    harness.clock.advance(60_000);
    await waitFor(() => streams[1]?.left() === true);
    expect([streams[0]?.left(), [...new Set(resolved)].sort()]).toEqual([false, ['fine', 'over']]);
    for (const { stop } of streams) stop();
  });
});
