import { describe, expect, test } from 'vitest';
import { type BodyVersion, presentAt } from './presence.ts';
import { type CountedTally, countConnected } from './tallies.ts';

interface Body {
  readonly since: string | null;
  readonly until: string | null;
  readonly fact: string;
}
const version = (
  validFrom: number,
  validTo: number | null,
  since: string | null,
  fact = 'f',
  until: string | null = null,
): BodyVersion<Body> => ({
  validFrom,
  validTo,
  body: { since, until, fact },
});

describe('what was there at a moment', () => {
  const cases: [name: string, versions: BodyVersion<Body>[], at: number, day: string, expected: string | null][] = [
    ['nothing at all', [], 5, '2018-01-01', null],
    ['before the first version, by its date', [version(100, null, '2018-01-01')], 5, '2018-01-01', 'f'],
    ['before its date', [version(100, null, '2018-01-02')], 5, '2018-01-01', null],
    ['before the first version, without a date', [version(100, null, null)], 5, '2018-01-01', null],
    ['without a date, from its first version on', [version(100, null, null)], 100, '2018-01-01', 'f'],
    ['on its last day and after', [version(100, null, '2018-01-01', 'f', '2018-06-30')], 200, '2018-06-30', null],
    ['after it left the inventory', [version(100, 200, '2018-01-01')], 200, '2018-01-03', null],
    ['the facts of the time', [version(100, 200, '2018-01-01', 'old'), version(200, null, '2018-01-01', 'new')], 150, '2018-01-02', 'old'],
    [
      'a date corrected later corrects the past',
      [version(100, 200, '2018-01-01'), version(200, null, '2018-02-01')],
      150,
      '2018-01-02',
      null,
    ],
    ['in a gap between versions', [version(100, 200, '2018-01-01'), version(300, null, '2018-01-01')], 250, '2018-01-02', null],
  ];
  test.each(cases)('%s', (_, versions, at, day, expected) => {
    expect(presentAt(versions, at, day)?.fact ?? null).toBe(expected);
  });
});

describe('units, terminals and applications', () => {
  const tally = (id: string, since: string | null, numbers: Partial<CountedTally>): CountedTally => ({
    id,
    since,
    until: null,
    division: 'cn',
    level: 'county',
    units: null,
    terminals: null,
    applications: null,
    ...numbers,
  });

  test('named units and what is reported in numbers add up; of tallies the newest counts', () => {
    const connected = {
      units: [
        { level: 'central', terminals: 10, internetExit: true },
        { level: 'central', terminals: null, internetExit: false },
      ],
      applications: [{ level: 'central' }],
      tallies: [
        tally('new', '2018-01-01', { units: 73_000, terminals: 945_000 }),
        tally('old', '2012-12-31', { units: 5, applications: 9 }),
      ],
    } as const;
    expect(countConnected(connected)).toEqual({ units: 73_002, namedUnits: 2, terminals: 945_010, applications: 1, internetExitUnits: 1 });
    expect(countConnected(connected, 'central')).toEqual({ units: 2, namedUnits: 2, terminals: 10, applications: 1, internetExitUnits: 1 });
  });

  test('terminals that nobody reports are not zero', () => {
    expect(
      countConnected({ units: [{ level: 'city', terminals: null, internetExit: false }], applications: [], tallies: [] }).terminals,
    ).toBeNull();
  });
});
