import { describe, expect, it } from 'vitest';
import { formatRecording, numberOf, parseRecording, textOf } from './recording.ts';

const only = (line: string) => {
  const [variable] = parseRecording(line);
  if (variable === undefined) throw new Error('nothing was read');
  return variable;
};
const encodedOf = (line: string) => Buffer.from(only(line).source.encoded).toString('hex');

describe('a recording', () => {
  it('may be unsorted, have leading dots, empty lines and repeats, the last of which stands', () => {
    const variables = parseRecording('.1.3.6.1.2.1.1.7.0|2|1\n\n1.3.6.1.2.1.1.1.0|4|first\r\n1.3.6.1.2.1.1.7.0|2|2\n# said by hand\n');
    expect(variables.map(({ oid }) => oid.text)).toEqual(['1.3.6.1.2.1.1.7.0', '1.3.6.1.2.1.1.1.0']);
    expect(variables.map((variable) => numberOf(variable) ?? textOf(variable))).toEqual([2n, 'first']);
  });

  it.each([
    ['1.3.6|2|-1', '0201ff'],
    ['1.3.6|2|4294967295', '0201ff'],
    ['1.3.6|4|a|b', '0403617c62'],
    ['1.3.6|4|', '0400'],
    ['1.3.6|4x|00FF10', '040300ff10'],
    ['1.3.6|4x|58AC78XXYYZZ', '040658ac78000000'],
    ['1.3.6|4e|a\\nb\\x41\\\\', '0405610a62415c'],
    ['1.3.6|5|', '0500'],
    ['1.3.6|6|.1.3.6.1', '06032b0601'],
    ['1.3.6|6|0.0', '060100'],
    ['1.3.6|64|192.0.2.255', '4004c00002ff'],
    ['1.3.6|64x|c0000201', '4004c0000201'],
    ['1.3.6|65|4294967295', '410500ffffffff'],
    ['1.3.6|66|128', '42020080'],
    ['1.3.6|67|2250133531', '430500861e501b'],
    ['1.3.6|70|18446744073709551615', '460900ffffffffffffffff'],
  ])('%s', (line, expected) => expect(encodedOf(line)).toBe(expected));

  it.each(['1.3.6', '1.3.6|4', '1..3|4|x', '1.3.6|99|x', '1.3.6|2|ten', '1.3.6|64|1.2.3', '1.3.6|4x|0', '1.3.4294967296|2|1'])(
    'names the line that cannot be read: %s',
    (line) => expect(() => parseRecording(`1.3.6.1|2|1\n${line}\n`)).toThrow(/^line 2 of a recording: /),
  );

  it('is written as it is read', () => {
    const text = '1.3.6.1.2.1.1.1.0|4|a device\n1.3.6.1.2.1.1.7.0|2|6\n';
    expect(
      formatRecording([
        { oid: '1.3.6.1.2.1.1.1.0', tag: 4, value: 'a device' },
        { oid: '1.3.6.1.2.1.1.7.0', tag: 2, value: '6' },
      ]),
    ).toBe(text);
    expect(parseRecording(text)).toHaveLength(2);
  });
});
