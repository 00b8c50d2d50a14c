import { ChannelBody, type DesiredEntity } from '@beacontower/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, differences } from './difference.ts';
import { type Desired, planInventory, retirementLimit, type StoredEntity } from './plan.ts';

const identity = { node: 'gd', incarnation: '', partitions: 8 };
const party = (id: string, name = id): DesiredEntity => ({ entity: 'party', id, body: { id, name, nameEn: null, tier: 'city' } });
const stored = (entity: DesiredEntity, more: Partial<StoredEntity> = {}): StoredEntity => ({
  entity: entity.entity,
  id: entity.id,
  body: entity.body,
  origin: 'file',
  retiredAt: null,
  ...more,
});
const desired = (entities: DesiredEntity[], more: Partial<Desired> = {}): Desired => ({ entities, origin: 'file', ...more });

describe('plan', () => {
  it('tells added, changed with each field, retired and unchanged apart', () => {
    const plan = planInventory(
      [stored(party('a')), stored(party('b')), stored(party('c'))],
      identity,
      desired([party('a'), party('b', 'B'), party('d')]),
    );
    expect(plan).toEqual({
      added: [{ ...party('d'), returns: false }],
      changed: [{ ...party('b', 'B'), fields: [{ path: 'name', before: 'b', after: 'B' }] }],
      retired: [{ entity: 'party', id: 'c' }],
      unchanged: 1,
      refused: [],
    });
  });

  it('lets what was retired come back, even from another origin', () => {
    const plan = planInventory([stored(party('a'), { retiredAt: 5, origin: 'api' })], identity, desired([party('a')]));
    expect(plan.added).toEqual([{ ...party('a'), returns: true }]);
    expect(plan.refused).toEqual([]);
  });

  it('neither touches nor retires what another origin owns', () => {
    const rows = [stored(party('a'), { origin: 'api' })];
    expect(planInventory(rows, identity, desired([]))).toMatchObject({ retired: [], refused: [] });
    expect(planInventory(rows, identity, desired([party('a', 'A')])).refused).toMatchObject([{ code: 'other-origin', id: 'a' }]);
  });

  it('never shows the query of a channel’s address', () => {
    const channel = (url: string): DesiredEntity => ({
      entity: 'channel',
      id: 'w',
      body: ChannelBody.parse({ id: 'w', kind: 'webhook', url, secret: { env: 'S' }, timeoutMs: 1, maxAttempts: 1 }),
    });
    const plan = planInventory([stored(channel('https://x.cn/h?token=old'))], identity, desired([channel('https://x.cn/h?token=new')]));
    expect(plan.changed[0]?.fields).toEqual([{ path: 'url', before: 'https://x.cn/h?…', after: 'https://x.cn/h?…' }]);
  });

  it('never shows what a gateway is sent', () => {
    const channel = (token: string): DesiredEntity => ({
      entity: 'channel',
      id: 'g',
      body: ChannelBody.parse({
        ...{ id: 'g', kind: 'gateway', url: 'https://x.cn/', method: 'POST', timeoutMs: 1, maxAttempts: 1 },
        ...{ headers: { Authorization: `Bearer ${token}` }, query: `?key=${token}`, body: token },
      }),
    });
    const plan = planInventory([stored(channel('hunter2'))], identity, desired([channel('hunter3')]));
    expect(plan.changed[0]?.fields.map(({ path }) => path)).toEqual(['body', 'headers.Authorization', 'query']);
    expect(JSON.stringify(plan.changed[0]?.fields)).not.toContain('hunter');
  });

  it('says that the secret of a credential changed, and shows no seal', () => {
    const credential = (sealed: string): DesiredEntity => ({
      entity: 'credential',
      id: 'c',
      body: { id: 'c', version: '2c', sealed, summary: 'v2c' },
    });
    const plan = planInventory([stored(credential('v1.old'))], identity, desired([credential('v1.new')]));
    expect(plan.changed[0]?.fields).toEqual([{ path: 'secret', before: '(sealed)', after: '(sealed)' }]);
  });

  it.each([
    [0, 10],
    [100, 10],
    [109, 10],
    [110, 11],
    [10_000, 1000],
  ])('of %i objects up to %i may be retired without a word', (current, limit) => {
    expect(retirementLimit(current)).toBe(limit);
  });
});

describe('differences', () => {
  it.each([
    ['nothing', { a: 1, b: [1] }, { b: [1], a: 1 }, []],
    ['a field', { a: { b: 1 } }, { a: { b: 2 } }, [['a.b', 1, 2]]],
    ['a new field', {}, { a: null }, [['a', undefined, null]]],
    ['a list of other length', { a: [1] }, { a: [1, 2] }, [['a', [1], [1, 2]]]],
    [
      'dates that come, change and go',
      {
        d: [
          { date: '2026-10-01', s: [] },
          { date: '2026-10-02', s: [] },
        ],
      },
      {
        d: [
          { date: '2026-10-02', s: [1] },
          { date: '2026-10-03', s: [] },
        ],
      },
      [
        ['d[2026-10-01]', { date: '2026-10-01', s: [] }, undefined],
        ['d[2026-10-02]', { date: '2026-10-02', s: [] }, { date: '2026-10-02', s: [1] }],
        ['d[2026-10-03]', undefined, { date: '2026-10-03', s: [] }],
      ],
    ],
    ['first dates', { d: [] }, { d: [{ date: '2026-10-01' }] }, [['d[2026-10-01]', undefined, { date: '2026-10-01' }]]],
    [
      'the order of dates',
      { d: [{ date: '2026-10-01' }, { date: '2026-10-02' }] },
      { d: [{ date: '2026-10-02' }, { date: '2026-10-01' }] },
      [['d', [{ date: '2026-10-01' }, { date: '2026-10-02' }], [{ date: '2026-10-02' }, { date: '2026-10-01' }]]],
    ],
    ['within a list of mappings', { c: [{ p: { i: 1 } }] }, { c: [{ p: { i: 2 } }] }, [['c[0].p.i', 1, 2]]],
  ])('%s', (_, before, after, expected) => {
    expect(differences(before, after).map((field) => [field.path, field.before, field.after])).toEqual(expected);
  });

  it('finds none between equal values, whatever the order of keys, and some between unlike ones', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, shuffled(inner)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.jsonValue(), (a, b) => {
        expect(differences(a, shuffled(a))).toEqual([]);
        expect(differences(a, b).length > 0).toBe(canonical(a) !== canonical(b));
      }),
    );
  });
});
