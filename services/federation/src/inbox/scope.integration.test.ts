import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { changeAt, lineOf } from './speaking.fixture.ts';
import { LATER, NOW, startTelling, type Telling } from './telling.fixture.ts';

describe('what a node may say', () => {
  let telling: Telling;
  beforeAll(async () => {
    telling = await startTelling();
  });
  afterEach(() => telling.rest());
  afterAll(() => telling.stop());

  const begun = (...args: Parameters<Telling['begun']>) => telling.begun(...args);
  const rows = (...args: Parameters<Telling['rows']>) => telling.rows(...args);
  const history = (...args: Parameters<Telling['history']>) => telling.history(...args);

  test('a node below it may be spoken of once it is introduced, and only by the one it reports to', async () => {
    const [{ node }, other] = [await begun(), await begun()];
    const city = `${node.node}-city`;
    const introduced = (id: string, division: string, via: string) =>
      lineOf.any('node', NOW, { id, name: id, nameEn: null, division, timeZone: 'Asia/Shanghai', via });
    const early = await node.tell(lineOf.object(`${city}:x`, `${node.division}.c`, NOW));
    expect(early.body).toMatchObject({ code: 'out-of-scope', sequence: 3 });
    node.lines.splice(2);
    const told = await node.tell(
      introduced(city, `${node.division}.c`, node.node),
      lineOf.object(`${city}:x`, `${node.division}.c`, NOW),
      lineOf.change(`${city}:x`, 'unknown', 'up', LATER),
    );
    expect(told.status).toBe(200);
    expect(await rows('SELECT via, division FROM federation_nodes WHERE node = $1', [city])).toEqual([
      { via: node.node, division: `${node.division}.c` },
    ]);
    expect((await node.snapshot({ observed: [{ node: city, until: { pinged: LATER, all: LATER, composed: LATER } }] })).status).toBe(200);
    expect(await rows('SELECT observed_pinged AS until FROM federation_nodes WHERE node = $1', [city])).toEqual([{ until: LATER }]);
    for (const line of [
      introduced(city, other.node.division, other.node.node),
      introduced(node.node, other.node.division, other.node.node),
      introduced('cn', other.node.division, other.node.node),
      introduced('far', 'cn.elsewhere', other.node.node),
      introduced('far', other.node.division, 'nobody'),
    ]) {
      expect((await other.node.tell(line)).body.code).toBe('out-of-scope');
      other.node.lines.splice(2);
    }
  });

  test.each<[string, (own: string, node: string, division: string) => ReturnType<typeof lineOf.change>]>([
    ['an object of another node', () => lineOf.object('cn:core', 'cn.n1', NOW)],
    ['a division of another', (own) => lineOf.object(own, 'cn.zz', NOW)],
    ['a check that is not its own', (own) => lineOf.change(own, 'unknown', 'up', LATER, 'cn:core/icmp4')],
    [
      'an interface of a foreign device',
      (own, _node, division) =>
        lineOf.object(own, division, NOW, {
          checks: [
            {
              id: `${own}/status`,
              kind: 'interface',
              family: null,
              target: 'GE0',
              device: 'cn:core',
              intervalMs: null,
              resolutionMs: null,
            },
          ],
        }),
    ],
    [
      'a composite of foreign members',
      (own, _node, division) => lineOf.object(own, division, NOW, { combines: { rule: { require: 'any' }, of: ['cn:core'] } }),
    ],
    ['a foreign parent', (own, _node, division) => lineOf.object(own, division, NOW, { parents: ['cn:core'] })],
    [
      'a roll-up of another division',
      () =>
        lineOf.any('rollup', NOW, {
          date: '2026-01-01',
          timeZone: 'Asia/Shanghai',
          division: 'cn.zz',
          class: 'backbone',
          objects: 1,
          upMs: 0,
          downMs: 0,
          unknownMs: 0,
          excludedMs: 0,
          downLeastMs: 0,
          downMostMs: 0,
        }),
    ],
    [
      'planned work in another division',
      () =>
        lineOf.any('maintenance', NOW, {
          id: randomUUID(),
          title: 'x',
          objects: [],
          divisions: ['cn'],
          startsAt: NOW,
          endsAt: LATER,
          createdAt: NOW,
          createdBy: 'x',
          approvedAt: null,
          approvedBy: null,
          cancelledAt: null,
          cancelledBy: null,
        }),
    ],
  ])('%s is out of scope', async (_what, line) => {
    const { node, a } = await begun();
    expect((await node.tell(line(a, node.node, node.division))).body).toMatchObject({ code: 'out-of-scope', sequence: 3 });
    expect((await node.snapshot({ states: [['cn:core', 'down', NOW, 'no-reply']] })).body.code).toBe('out-of-scope');
    expect((await node.snapshot({ observed: [{ node: 'cn', until: { pinged: 1, all: 1, composed: 1 } }] })).body.code).toBe('out-of-scope');
  });

  test.each<[string, string, (own: string, division: string) => ReturnType<typeof lineOf.change>]>([
    ['a time to come', 'event-in-future', (own) => lineOf.change(own, 'unknown', 'up', Date.now() + 300_000)],
    [
      'a time to come behind an honest head',
      'event-in-future',
      (own) => ({ ...lineOf.change(own, 'unknown', 'up', Date.now() + 300_000), eventAt: NOW, recordedAt: NOW }),
    ],
    [
      'a moment past all dates',
      'event-in-future',
      (own) => ({ ...lineOf.change(own, 'unknown', 'up', Number.MAX_SAFE_INTEGER), eventAt: NOW, recordedAt: NOW }),
    ],
    ['a NUL in a name', 'envelope-invalid', (own, division) => lineOf.object(own, division, NOW + 1, { name: 'a\u0000b' })],
    ['half a character', 'envelope-invalid', (own, division) => lineOf.object(own, division, NOW + 1, { attributes: { x: '\ud800' } })],
    [
      'a resolution past all numbers',
      'envelope-invalid',
      (own) => lineOf.any('transition', NOW, { object: own, check: null, resolutionMs: 2 ** 40, ...changeAt('unknown', 'up', NOW + 1) }),
    ],
  ])('%s is refused', async (_what, code, line) => {
    const { node, a } = await begun();
    expect((await node.tell(line(a, node.division))).body).toMatchObject({ code });
    expect(await history(a)).toEqual([]);
  });
});
