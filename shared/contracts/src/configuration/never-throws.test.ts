import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CHANNEL_KINDS } from './channel-schema.ts';
import { describeFault } from './fault.ts';
import { LIST_SECTIONS, LISTS } from './schema.ts';
import { HEAD, loadWith } from './test-helpers.ts';

const KINDS = [...CHANNEL_KINDS];
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
    'none@x',
    'https://x.cn/',
    'http://127.0.0.1/',
    '22:00-07:00',
    '08:30',
    'critical',
    'restart',
    'a',
  ),
  fc.constantFrom(null, true, 0, -1, 30, 0.5, '', [], {}, ['r1'], ['08:30-12:00', '10:00-11:00']),
  fc.constantFrom(
    { any: ['r1', 'nobody'] },
    { atLeast: 9, of: ['r1'] },
    { rolling: '30d' },
    { after: 5 },
    { kinds: ['device'], attributes: { vendor: 'x' } },
    { everyday: ['00:00-24:00'] },
    { env: 'S' },
    { id: 'always', when: 'outside' },
    { during: ['22:00-07:00'], outside: 'a' },
    { severities: ['critical'], calendar: 'a', kinds: ['outage'] },
    { metric: 'rtt', above: '5ms', clear: '9ms' },
    { messages: 5, per: '1m' },
    { text: 'x' },
    ['a', 'b'],
    [{ channel: 'a', address: 'x', fallbacks: [{ channel: 'a' }] }],
    [{ contacts: ['a'], from: '2026-01-05', at: '08:00', calendar: 'always' }],
    [{ contact: 'a', from: '2026-10-01', to: '2026-09-01T08:00' }],
    [{ after: '5m', contacts: ['a'], rotas: ['a'] }],
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
  const options: readonly unknown[] = schema instanceof z.ZodDiscriminatedUnion ? schema.options : [schema];
  const keys = new Set(options.flatMap((option) => (option instanceof z.ZodObject ? Object.keys(option.shape) : [])));
  keys.delete('id');
  return fc
    .tuple(
      fc.constantFrom('a', 'b', 'always', 440100, null),
      fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 8 }),
      fc.constantFrom(...KINDS, null),
    )
    .map(([id, rest, kind]) => ({ id, ...rest, ...(section === 'channels' && kind !== null ? { kind } : {}) }));
};

describe('whatever stands in a section', () => {
  it.each(LIST_SECTIONS)('%s is answered with faults that name their place, and never with an exception', (section) => {
    fc.assert(
      fc.property(fc.array(item(section), { minLength: 1, maxLength: 3 }), (items) => {
        const own = section === 'devices' ? '' : 'devices: [{id: r1, name: R1, addresses: {ipv4: 192.0.2.1}}]\n';
        const { faults, configuration } = loadWith(
          { now: Date.UTC(2026, 0, 1), checkTemplate: () => null },
          `${HEAD.replace(section === 'zones' ? /zones.*\n/ : /$^/, '')}${own}${section}: ${JSON.stringify(items)}\n`,
        );
        for (const fault of faults) {
          expect(fault.line).toBeGreaterThan(0);
          expect(describeFault(fault, 'zh')).toMatch(/[\u4e00-\u9fff]/);
        }
        expect(configuration === null).toBe(faults.some(({ severity }) => severity === 'error'));
      }),
      { numRuns: 60 },
    );
  });
});
