import type { ObjectIndex } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { type Criteria, EVERYTHING, readCriteria, writeCriteria } from './criteria.ts';
import { find } from './find.ts';
import { namesIn, objectAt, patch, storeOf } from './index-store.ts';

const INDEX: ObjectIndex = {
  sequence: 10,
  inventoryVersion: 1,
  total: 5,
  truncated: false,
  kinds: ['device', 'circuit'],
  classes: ['backbone', 'other'],
  divisions: ['cn', 'cn.gd', 'cn.gd.guangzhou', 'cn.gdx'],
  states: ['up', 'degraded', 'down', 'unknown'],
  id: ['n:a', 'n:b', 'n:c', 'n:d', 'n:e'],
  name: ['Core 1', '广东骨干电路甲', 'Core 2', '广州落地', 'elsewhere'],
  nameEn: [null, 'Guangdong backbone A', null, null, null],
  kind: [0, 1, 0, 0, 1],
  class: [0, 0, 0, 1, 1],
  division: [0, 1, 0, 2, 3],
  state: [0, 2, 1, 3, 2],
  since: [100_000, 200_000, 300_000, null, 400_000],
  flags: [0, 0, 1, 0, 2],
};
const ids = (criteria: Partial<Criteria>, nameRank: Uint32Array | null = null) => {
  const store = storeOf(INDEX);
  return [...find(store, { ...EVERYTHING, ...criteria }, nameRank).rows].map((row) => objectAt(store, row).id.slice(2)).join('');
};

describe('find', () => {
  it.each<[string, Partial<Criteria>, string]>([
    ['the worst first, quiet ones after the others', {}, 'bcdea'],
    ['from the other end', { descending: true }, 'aedcb'],
    ['every word, in name or id, large or small', { text: 'core N:C' }, 'c'],
    ['the English name, whatever is shown', { text: 'guangdong backbone' }, 'b'],
    ['a division and what is below, not what merely begins alike', { division: 'cn.gd' }, 'bd'],
    ['kind', { kinds: ['circuit'] }, 'be'],
    ['class and state', { classes: ['backbone'], states: ['down', 'up'] }, 'ba'],
    ['a kind nobody has', { kinds: ['site'] }, ''],
    ['planned work', { maintenance: true }, 'c'],
    ['without the quiet', { quiet: 'without', states: ['down'] }, 'b'],
    ['the quiet only', { quiet: 'only' }, 'e'],
    ['by the time of the last change, never judged last', { sort: 'since' }, 'ecbad'],
    ['by division', { sort: 'division' }, 'acbde'],
  ])('%s', (_, criteria, expected) => expect(ids(criteria)).toBe(expected));

  it('orders by name as it is told to', () => expect(ids({ sort: 'name' }, Uint32Array.of(4, 3, 2, 1, 0))).toBe('edcba'));

  it('counts the states of what meets all else', () => {
    expect(find(storeOf(INDEX), { ...EVERYTHING, states: ['down'], division: 'cn.gd' }, null).counts).toEqual({
      up: 0,
      degraded: 0,
      down: 1,
      unknown: 1,
    });
  });
});

describe('names', () => {
  it('are those of the language, of what has none in it the other', () => {
    const store = storeOf(INDEX);
    expect(namesIn(store, 'zh')).toBe(store.name);
    expect(namesIn(store, 'en')).toEqual(['Core 1', 'Guangdong backbone A', 'Core 2', '广州落地', 'elsewhere']);
    expect(objectAt(store, 1)).toMatchObject({ name: '广东骨干电路甲', nameEn: 'Guangdong backbone A' });
  });
});

describe('patch', () => {
  const change = { sequence: 11, object: 'n:a', to: 'down', at: 999 } as const;
  it('puts a change into the row', () => {
    const store = storeOf(INDEX);
    expect(objectAt(store, 0)).toMatchObject({ state: 'up', since: 100_000 });
    expect(patch(store, change)).toBe(true);
    expect(objectAt(store, 0)).toMatchObject({ state: 'down', since: 999 });
    expect(objectAt(store, 0)).toBe(objectAt(store, 0));
  });
  it.each([
    ['older than the index', { ...change, sequence: 10 }],
    ['nothing new', { ...change, to: 'up' as const }],
    ['not in the list', { ...change, object: 'n:z' }],
  ])('is left alone: %s', (_, given) => expect(patch(storeOf(INDEX), given)).toBe(false));
});

describe('criteria', () => {
  it('go into the address and come back', () => {
    const criteria: Criteria = {
      text: '广东 core',
      kinds: ['device', 'circuit'],
      classes: ['backbone'],
      states: ['down', 'unknown'],
      division: 'cn.gd',
      maintenance: true,
      quiet: 'without',
      sort: 'name',
      descending: true,
    };
    expect(readCriteria(new URLSearchParams(writeCriteria(criteria).toString()))).toEqual(criteria);
  });
  it('are short when all is as usual', () => expect(writeCriteria(EVERYTHING).toString()).toBe(''));
  it('take no nonsense', () =>
    expect(readCriteria(new URLSearchParams('state=pink,down&sort=colour.desc&quiet=x')).states).toEqual(['down']));
});

describe('a hundred thousand', () => {
  it('are found and ordered between two key strokes', () => {
    const n = 100_000;
    const range = Array.from({ length: n }, (_, i) => i);
    const store = storeOf({
      ...INDEX,
      id: range.map((i) => `n:${i}`),
      name: range.map((i) => `政务外网接口 ${i}`),
      kind: range.map((i) => i % 2),
      class: range.map((i) => i % 2),
      division: range.map((i) => i % 4),
      state: range.map((i) => (i % 97 === 0 ? 2 : 0)),
      since: range.map((i) => 1_700_000_000_000 + ((i * 7919) % 86_400_000)),
      flags: range.map(() => 0),
    });
    const rows = find(store, EVERYTHING, null).rows;
    expect(new Set(rows).size).toBe(n);
    const shown = [...rows].map((row) => objectAt(store, row));
    const key = ({ state, since }: (typeof shown)[number]) => (state === 'down' ? 0 : 1) * 1e10 - Math.floor((since ?? 0) / 1000);
    expect(shown.every((object, place) => place === 0 || key(shown[place - 1] ?? object) <= key(object))).toBe(true);
  });
});
