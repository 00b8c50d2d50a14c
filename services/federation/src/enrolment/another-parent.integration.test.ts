/** A node that goes to another node above, or begins its chain anew, tells everything again: also what counted as told. */
import { randomUUID } from 'node:crypto';
import { beginJoining, leaveUplink, readUplinkChain, restartChain, saveEnrolled, saveEnrolmentAsked } from '@beacontower/database';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOutage, seen, untilSeen } from '../downward/tiers.fixture.ts';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';

let server: TestServer;
let first: TestCentre;
let second: TestCentre;
let province: TestNode;
beforeAll(async () => {
  server = await startPostgres();
  [first, second] = [await startCentre(server), await startCentre(server)];
  province = await startNode(server, 'gd', 'cn.gd');
  await province.apply(['gd:a', 'gd:b']);
});
afterAll(async () => {
  for (const node of [province, first, second]) await node?.stop();
  await server?.stop();
});

/** Has the province report to a centre while `work` is done. */
async function reporting(centre: TestCentre, work: () => Promise<unknown>): Promise<void> {
  const line = await uplinkOf(province, 'cn.gd', await centre.enrol('gd', 'cn.gd'));
  await line.start();
  await work().finally(() => line.stop());
}

async function joinAnother(authorityFingerprint: string): Promise<void> {
  const enrolment = randomUUID();
  const joining = { url: second.url, sealedToken: '', sealedKey: '', authority: '', parent: 'cn', authorityFingerprint };
  await province.database.transaction(async (tx) => {
    await leaveUplink(tx);
    await beginJoining(tx, joining, clock.now());
    await saveEnrolmentAsked(tx, enrolment, '0000-0000');
    await saveEnrolled(tx, enrolment, '', clock.now() + 86_400_000);
  });
}

const given = async () => {
  const { rows } = await province.database.query(
    `SELECT id FROM inventory WHERE origin = 'federation' AND valid_to IS NULL AND superseded_at IS NULL`,
  );
  return rows;
};

test('another node above is told whole incidents, and what the one before gave holds no more', { timeout: 60_000 }, async () => {
  const id = await openOutage(province, 'gd:a', 'cn.gd', ['gd:b']);
  const isWhole = ({ objects, timeline }: NonNullable<Awaited<ReturnType<typeof seen>>>) => objects.length === 2 && timeline.length === 1;
  await reporting(first, async () => void (await untilSeen(first, id, isWhole, 'the whole incident')));
  await province.database.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by)
     VALUES ('calendar', 'national', 'federation', '{"id": "national"}', $1, $1, 'federation:cn')`,
    [clock.now()],
  );
  expect(await given()).toHaveLength(1);
  await joinAnother('ab'.repeat(32));
  expect(await given()).toEqual([]);
  await reporting(second, async () => void (await untilSeen(second, id, isWhole, 'the whole incident')));

  // Begun anew by a person, everything is told once more; there it is still there once.
  const restarted = await restartChain(province.database);
  await reporting(second, () =>
    waitFor(
      async () => {
        const chain = await readUplinkChain(province.database);
        return chain !== null && chain.acknowledged > 1 && chain.acknowledged === chain.built && chain.building.stage === 'live';
      },
      { what: 'a chain that was begun anew' },
    ),
  );
  const { rows } = await province.database.query<{ lines: number }>(
    `SELECT jsonb_array_length(line::jsonb -> 'payload' -> 'lines') AS lines FROM uplink_log WHERE line::jsonb ->> 'kind' = 'incident'`,
  );
  expect(rows).toEqual([{ lines: 1 }]);
  expect((await readUplinkChain(province.database))?.incarnation).toBe(restarted?.incarnation);
  expect((await seen(second, id))?.timeline).toHaveLength(1);
});
