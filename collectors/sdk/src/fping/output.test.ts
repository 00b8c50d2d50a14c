import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTargetList, LOST, parseReplyLine, parseSummary, UnreadableOutput } from './output.ts';

const list = createTargetList(['127.0.0.1', '::1', '10.8.0.1']);
const parse = (text: string, probes = 2) => parseSummary(Buffer.from(text), list, probes);
const rest = '::1             : 0.061 0.054\n10.8.0.1        : - -\n';

describe("fping's summary", () => {
  it('is read for both families, with losses', () => {
    const { rtts, refused } = parse(`127.0.0.1       : 0.039 -\n${rest}`);
    expect([...rtts]).toEqual([39, LOST, 61, 54, LOST, LOST]);
    expect(refused.size).toBe(0);
  });

  it('is read whatever the order of its lines, and without a newline at its end', () => {
    expect([...parse('10.8.0.1 : - 1234\n127.0.0.1 : 9.87 12.3\n::1 : 100 1.5').rtts]).toEqual([
      9_870,
      12_300,
      100_000,
      1_500,
      LOST,
      1_234_000,
    ]);
  });

  it.each([
    ['an ICMP error of a router', 'ICMP Host Unreachable from 10.0.0.1 for ICMP Echo sent to 10.8.0.1\n'],
    ['a duplicate', '127.0.0.1 : duplicate for [0], 64 bytes, 0.05 ms\n'],
    ['an empty line', '\n'],
    ['a send error', '10.8.0.1: error while sending ping: Network is unreachable\n'.replace('10.8.0.1:', 'fping:')],
  ])('is read round %s', (_, notice) => {
    expect([...parse(`${notice}127.0.0.1 : 0.1 0.2\n${notice}${rest}`).rtts]).toEqual([100, 200, 61, 54, LOST, LOST]);
  });

  it('counts a target that cannot be sent to as lost, by the reason given', () => {
    const { rtts, refused } = parse('::1: Address family for hostname not supported\n127.0.0.1 : 0.1 0.2\n10.8.0.1 : - -\n');
    expect([...rtts]).toEqual([100, 200, LOST, LOST, LOST, LOST]);
    expect([...refused]).toEqual([['Address family for hostname not supported', 1]]);
  });

  it.each([
    ['a target is missing', `::1 : 0.061 0.054\n127.0.0.1 : 1 2\n`],
    ['a result is missing', `127.0.0.1 : 0.039\n${rest}`],
    ['there is one result too many', `127.0.0.1 : 1 2 3\n${rest}`],
    ['a result is no number', `127.0.0.1 : 0.039 x\n${rest}`],
    ['a result is negative', `127.0.0.1 : 0.039 -1\n${rest}`],
    ['it was cut off', `127.0.0.1 : 0.039 0.1\n::1 : 0.0`],
    ['it is empty', ''],
  ])('is refused when %s', (_, text) => {
    expect(() => parse(text)).toThrow(UnreadableOutput);
  });

  it('gives back what any results were written as', () => {
    const value = fc.option(fc.integer({ min: 1, max: 5_000_000 }), { nil: null });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 30 }), (results) => {
        const targets = createTargetList(results.map((_, i) => `10.0.0.${i}`));
        const text = results.map((row, i) => `10.0.0.${i} : ${row.map((us) => (us === null ? '-' : (us / 1_000).toFixed(3))).join(' ')}\n`);
        expect([...parseSummary(Buffer.from(text.join('')), targets, 3).rtts]).toEqual(results.flat().map((us) => us ?? LOST));
      }),
    );
  });
});

describe('a line of a reply', () => {
  it.each([
    ['127.0.0.1       : [0], 64 bytes, 0.032 ms (0.032 avg, 0% loss)', { slot: 0, probe: 0 }],
    ['::1 : [12], 64 bytes, 101 ms (90.1 avg, 0% loss)', { slot: 1, probe: 12 }],
    ['10.8.0.1 : [0], timed out (NaN avg, 100% loss)', null],
    ['192.0.2.1 : [0], 64 bytes, 0.032 ms (0.032 avg, 0% loss)', null],
    ['', null],
  ])('%s', (text, expected) => {
    expect(parseReplyLine(text, list)).toEqual(expected);
  });
});
