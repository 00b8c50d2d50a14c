import { describe, expect, test } from 'vitest';
import type { Ended } from './commands.ts';
import { traceTo } from './tracer.ts';

const ended = (output: string, errors = ''): Ended => ({ code: 0, output, errors, missing: false });
const SILENCE = ended('', '\n192.0.2.9 : -\n');
const expired = (router: string) => ended('', `ICMP Time Exceeded from ${router} for ICMP Echo sent to 192.0.2.9\n`);
const unreachable = (router: string) => ended('', `ICMP Host Unreachable from ${router} for ICMP Echo sent to 192.0.2.9\n`);
const reply = ended('192.0.2.9 : [0], 64 bytes, 4.00 ms (4.00 avg, 0% loss)\n');

/** Runs with answers by hop; the one behind the last is silence. Those given as a list answer in turn. */
async function way(answers: readonly (Ended | readonly Ended[])[]) {
  const asked: number[] = [];
  const run = async (_path: string, args: readonly string[]) => {
    const ttl = Number(args[1]);
    const times = asked.filter((one) => one === ttl).length;
    asked.push(ttl);
    const answer = answers[ttl - 1] ?? SILENCE;
    return 'output' in answer ? answer : (answer[times] ?? SILENCE);
  };
  const { hops, reached } = await traceTo('192.0.2.9', { fping: 'fping', tracepath: 'none', commands: { run }, now: () => 0 });
  return { hops: hops.map(({ address, note }) => (note === null ? address : `${address} ${note}`)), reached, asked };
}

describe('the way by fping', () => {
  test('ends at the target, however many hops were asked for', async () => {
    expect(await way([expired('a'), expired('b'), reply, reply, reply, reply])).toMatchObject({
      hops: ['a', 'b', '192.0.2.9'],
      reached: true,
    });
  });

  test('asks a silent hop again, alone, and passes over one that stays silent', async () => {
    const { hops, asked } = await way([expired('a'), [SILENCE, expired('b')], SILENCE, reply]);
    expect(hops).toEqual(['a', 'b', null, '192.0.2.9']);
    expect(asked.slice(6)).toEqual([2, 3]);
  });

  test('ends with what the last router says of the way behind it', async () => {
    const last = unreachable('b');
    expect(await way([expired('a'), expired('b'), SILENCE, SILENCE, last, last])).toMatchObject({
      hops: ['a', 'b ICMP Host Unreachable'],
      reached: false,
    });
  });

  test('is given up after six silent hops, and asks little behind the last one heard', async () => {
    const { hops, asked } = await way([expired('a')]);
    expect(hops).toEqual(['a', null]);
    expect(asked).toEqual([1, 2, 3, 4, 5, 6, 2, 3, 7, 8, 9, 10, 11, 12]);
  });

  test('is empty but for silence when nobody answers at all', async () => {
    expect(await way([])).toMatchObject({ hops: [null], reached: false });
  });
});
