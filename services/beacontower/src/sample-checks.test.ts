import { describe, expect, it } from 'vitest';
import { selectChecks } from './sample-checks.ts';

const KNOWN = new Map([
  ['bj:r1/icmp4', 1],
  ['bj:r1/icmp6', 2],
  ['bj:r1/snmp', 3],
  ['bj:r1/Gi0/1/status', 4],
  ['bj:r1/Gi0/2/status', 5],
  ['bj:r10/Gi0/1/status', 6],
  ['bj:line/end1', 7],
]);

describe('the checks of an export', () => {
  it('are all, each with its object, when nothing is picked', () => {
    expect(selectChecks(KNOWN, 'icmp', [])).toEqual({ checks: null, objects: { 1: 'bj:r1', 2: 'bj:r1' } });
    expect(Object.keys(selectChecks(KNOWN, 'interfaces', []).objects)).toEqual(['4', '5', '6', '7']);
  });

  it('are those of the object; of a device all its interfaces', () => {
    expect(selectChecks(KNOWN, 'icmp', ['bj:r1'])).toEqual({ checks: [1, 2], objects: { 1: 'bj:r1', 2: 'bj:r1' } });
    expect(selectChecks(KNOWN, 'interfaces', ['bj:r1', 'bj:r1/Gi0/1', 'bj:line']).checks).toEqual([4, 5, 7]);
  });

  it('are refused for an object that has no such samples', () => {
    expect(() => selectChecks(KNOWN, 'icmp', ['bj:r1/Gi0/1'])).toThrow(/no such object with icmp samples/);
    expect(() => selectChecks(KNOWN, 'interfaces', ['bj:x'])).toThrow(/bj:x/);
  });
});
