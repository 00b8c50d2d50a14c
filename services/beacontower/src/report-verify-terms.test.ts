import type { EvidenceLine } from '@beacontower/contracts';
import { expect, it } from 'vitest';
import { FROM, honestLines, inChunks, keyPair, sealed, TO } from './report-verify.fixture.ts';
import { verifyBundle } from './report-verify.ts';
import { type FaultCode, faultText } from './report-verify-faults.ts';

const KEYS = keyPair();
const DAY = 86_400_000;
const lineOf = <K extends EvidenceLine['line']>(lines: EvidenceLine[], kind: K) =>
  lines.find(({ line }) => line === kind) as Extract<EvidenceLine, { line: K }>;

// Each of them is signed, and every account and figure in it is made anew from what it says.
const cases: [string, FaultCode, (lines: EvidenceLine[]) => void][] = [
  [
    'a calendar that leaves out a day in which something was down',
    'calendar-parts',
    (lines) => {
      const calendar = lineOf(lines, 'calendar');
      calendar.versions = [
        { from: FROM, to: FROM + 4 * DAY, body: null },
        { from: FROM + 5 * DAY, to: TO, body: null },
      ];
      calendar.counted = [
        [FROM, FROM + 4 * DAY],
        [FROM + 5 * DAY, TO],
      ];
    },
  ],
  [
    'another calendar than the objective’s',
    'calendar-parts',
    (lines) => {
      const week = Array.from({ length: 7 }, () => []);
      const body = { id: 'never', name: 'never', nameEn: null, week, dates: [], knownUntil: null, source: null };
      Object.assign(lineOf(lines, 'calendar'), { versions: [{ from: FROM, to: TO, body }], counted: [] });
    },
  ],
  [
    'a period of half a million years, which nobody could count',
    'no-period',
    (lines) => {
      const all = { from: -8_640_000_000_000_000, to: 8_640_000_000_000_000 };
      Object.assign(lineOf(lines, 'header'), all);
      lineOf(lines, 'calendar').versions = [{ ...all, body: null }];
    },
  ],
  ['a period that ends before it begins', 'no-period', (lines) => Object.assign(lineOf(lines, 'header'), { from: TO, to: FROM })],
  ['a second version without a first', 'previous', (lines) => Object.assign(lineOf(lines, 'header'), { figureVersion: 2 })],
  ['an object of another division', 'no-member', (lines) => Object.assign(lineOf(lines, 'objective').body, { division: 'cn.bj' })],
  ['an object that was not chosen', 'no-member', (lines) => Object.assign(lineOf(lines, 'objective').body, { objects: ['bj:b', 'bj:c'] })],
  [
    'an object that was never there',
    'no-member',
    (lines) => Object.assign(lineOf(lines, 'member').commission[0] as object, { from: TO + DAY }),
  ],
  ['an object counted for another party', 'no-member', (lines) => Object.assign(lineOf(lines, 'member'), { party: 'carrier' })],
];

it.each(cases)('%s is named, whoever signed it', async (_, code, bend) => {
  const lines = honestLines();
  bend(lines);
  const { faults } = await verifyBundle(inChunks(sealed(lines, KEYS), 65_536));
  expect(faults.map((fault) => fault.code)).toContain(code);
  for (const fault of faults) for (const language of ['en', 'zh'] as const) expect(faultText(fault, language)).not.toMatch(/undefined/);
});
