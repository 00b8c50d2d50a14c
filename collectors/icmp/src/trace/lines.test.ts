import { describe, expect, test } from 'vitest';
import { heardByFping, heardByTracepath, SILENT } from './lines.ts';

describe('what fping heard of a probe with few hops to live', () => {
  test.each([
    ['the target', '10.91.3.2 : [0], 64 bytes, 0.100 ms (0.100 avg, 0% loss)\n', '\n10.91.3.2 : 0.100\n', '10.91.3.2', 0.1, null, true],
    [
      'a router',
      '',
      'ICMP Time Exceeded from 10.91.1.2 for ICMP Echo sent to 10.91.3.2\n\n10.91.3.2 : -\n',
      '10.91.1.2',
      null,
      null,
      false,
    ],
    [
      'the last router, which knows no way',
      '10.99.3.77 : [0], timed out (NaN avg, 100% loss)\n',
      'ICMP Network Unreachable from 10.91.2.2 for ICMP Echo sent to 10.99.3.77\n',
      '10.91.2.2',
      null,
      'ICMP Network Unreachable',
      false,
    ],
    ['a router by ICMPv6', '', 'ICMPv6 Time Exceeded from fd91::2 for ICMPv6 Echo Request sent to fd93::2\n', 'fd91::2', null, null, false],
  ])('%s', (_, output, errors, address, rttMs, note, reached) => {
    expect(heardByFping(output, errors)).toEqual({ address, rttMs, note, reached });
  });

  test('nobody', () => {
    expect(heardByFping('10.9.9.9 : [0], timed out (NaN avg, 100% loss)\n', '\n10.9.9.9 : -\n')).toEqual(SILENT);
  });
});

describe('what tracepath heard', () => {
  test('the whole way', () => {
    const text = [
      ' 1?: [LOCALHOST]                        0.022ms pmtu 1500',
      ' 1:  fd91:1::2                                             0.055ms ',
      ' 1:  fd91:1::2                                             0.012ms ',
      ' 2:  no reply',
      ' 3:  fd91:3::2                                             0.022ms reached',
      '     Resume: pmtu 1500 hops 3 back 3 ',
    ].join('\n');
    expect([...heardByTracepath(text)]).toEqual([
      [1, { address: 'fd91:1::2', rttMs: 0.055, note: null, reached: false }],
      [2, SILENT],
      [3, { address: 'fd91:3::2', rttMs: 0.022, note: null, reached: true }],
    ]);
  });

  test('the way to a host that is gone', () => {
    const text = ' 2:  fd91:2::2   0.018ms \n 3:  no reply\n 3:  fd91:2::2     3063.592ms !H\n';
    expect(heardByTracepath(text).get(3)).toEqual({ address: 'fd91:2::2', rttMs: 3063.592, note: 'Host Unreachable', reached: false });
  });

  test.each(['', 'stdbuf: failed to run command', ' 1?: [LOCALHOST] pmtu 1500'])('nothing in "%s"', (text) => {
    expect(heardByTracepath(text).size).toBe(0);
  });
});
