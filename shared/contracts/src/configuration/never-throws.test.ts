import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeFault } from './fault.ts';
import { LIST_SECTIONS, LISTS } from './schema.ts';
import { HEAD, load } from './test-helpers.ts';

/** What people might write where something else is wanted, right values among them. */
const value = fc.oneof(
  fc.constantFrom(
    'always',
    'default',
    'none',
    'by-hand',
    'month',
    'cn',
    'r1',
    '2026-02-30',
    '2026-10-01..2026-10-07',
    '25:00-26:00',
    '08:30-12:00',
    '5d',
    '99.97%',
  ),
  fc.constantFrom(null, true, 0, -1, 30, 0.5, '', [], {}, ['r1'], ['08:30-12:00', '10:00-11:00']),
  fc.constantFrom(
    { any: ['r1', 'nobody'] },
    { atLeast: 9, of: ['r1'] },
    { rolling: '30d' },
    { after: 5 },
    { kinds: ['device'], attributes: { vendor: 'x' } },
    { everyday: ['00:00-24:00'] },
    [{ severity: 'critical', long: '1h', short: '2h', rate: 5 }],
    [
      { date: '2026-10-01', spans: 'off' },
      { date: '2026-10-01', as: 'monday' },
    ],
    [{ source: 's', off: { a: ['2026-10-01'] }, work: { a: ['2026-10-01'] } }],
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** An item of a section, of its own keys. */
const item = (section: (typeof LIST_SECTIONS)[number]) => {
  const schema = LISTS[section];
  const keys = schema instanceof z.ZodObject ? Object.keys(schema.shape).filter((key) => key !== 'id') : ['kind', 'version'];
  return fc
    .tuple(fc.constantFrom('a', 'b', 'always', 440100, null), fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 8 }))
    .map(([id, rest]) => ({ id, ...rest }));
};

describe('whatever stands in a section', () => {
  it.each(LIST_SECTIONS)('%s is answered with faults that name their place, and never with an exception', (section) => {
    fc.assert(
      fc.property(fc.array(item(section), { minLength: 1, maxLength: 3 }), (items) => {
        const own = section === 'devices' ? '' : 'devices: [{id: r1, name: R1, addresses: {ipv4: 192.0.2.1}}]\n';
        const { faults, configuration } = load(
          `${HEAD.replace(section === 'zones' ? /zones.*\n/ : /$^/, '')}${own}${section}: ${JSON.stringify(items)}\n`,
        );
        for (const fault of faults) {
          expect(fault.line).toBeGreaterThan(0);
          expect(describeFault(fault, 'zh')).toMatch(/[\u4e00-\u9fff]/);
        }
        expect(configuration === null).toBe(faults.some(({ severity }) => severity === 'error'));
      }),
      { numRuns: 40 },
    );
  });
});
