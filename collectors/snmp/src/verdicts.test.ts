import { VERDICT } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { agentVerdict, interfaceVerdict, provesTheWay, troubleOf } from './verdicts.ts';
import { FAILURES } from './wire/port.ts';

describe('interfaces', () => {
  it.each([
    ['up', 1, 1, 'up', 'link-up'],
    ['down', 1, 2, 'down', 'link-down'],
    ['switched off', 2, 2, 'down', 'admin-down'],
    ['switched off, its link still up', 2, 1, 'down', 'admin-down'],
    ['testing', 1, 3, 'down', 'testing'],
    ['being tested by its administrator', 3, 1, 'down', 'testing'],
    ['dormant', 1, 5, 'degraded', 'dormant'],
    ['not present', 1, 6, 'down', 'not-present'],
    ['lower layer down', 1, 7, 'down', 'lower-layer-down'],
    ['up, without an administrator to say so', 0, 1, 'up', 'link-up'],
  ] as const)('%s', (_, admin, oper, verdict, reason) => {
    expect(interfaceVerdict(admin, oper)).toEqual({ verdict: VERDICT[verdict], reason });
  });

  it.each([
    ['unknown', 1, 4],
    ['nothing answered', 0, 0],
    ['a number that means nothing', 1, 9],
  ])('nothing is said of one that is %s', (_, admin, oper) => {
    expect(interfaceVerdict(admin, oper)).toBeNull();
  });
});

describe('agents', () => {
  const asked = {
    address: '192.0.2.1',
    port: 161,
    version: '2c',
    answered: false,
    reading: 'the interface table',
    outOfTime: false,
  } as const;

  it('is up without trouble, down when nothing was had of it, degraded when something was', () => {
    const trouble = { reason: 'no-reply', text: '' } as const;
    expect(agentVerdict(null, true)).toEqual({ verdict: VERDICT.up, reason: 'agent-answers' });
    expect(agentVerdict(trouble, false)).toEqual({ verdict: VERDICT.down, reason: 'no-reply' });
    expect(agentVerdict(trouble, true)).toEqual({ verdict: VERDICT.degraded, reason: 'no-reply' });
  });

  it('every failure but our own stop has a reason and words', () => {
    for (const failure of FAILURES) {
      const trouble = troubleOf(failure, 'noAccess', asked);
      if (failure === 'stopped') expect(trouble).toBeNull();
      else expect(trouble?.text.length).toBeGreaterThan(20);
    }
  });

  it.each([
    ['timeout', 'no-reply', 'the community is wrong'],
    ['unknown-user', 'unknown-user', 'user name'],
    ['wrong-key', 'wrong-key', 'passwords'],
    ['gen-err', 'agent-error', 'genErr'],
    ['refused', 'agent-refuses', 'noAccess'],
    ['malformed', 'malformed-answer', 'no valid SNMP'],
  ] as const)('%s is %s', (failure, reason, words) => {
    const trouble = troubleOf(failure, 'noAccess', asked);
    expect(trouble?.reason).toBe(reason);
    expect(trouble?.text).toContain(words);
  });

  it('says of v3 nothing about a community, and of IPv6 where the port begins', () => {
    const trouble = troubleOf('timeout', '', { ...asked, version: '3', address: '2001:db8::1' });
    expect(trouble?.text).toContain('[2001:db8::1]:161');
    expect(trouble?.text).not.toContain('community');
  });

  it('a refused port speaks of the device, an unreachable network of the way', () => {
    expect(provesTheWay('send-failed', 'ECONNREFUSED')).toBe(true);
    expect(provesTheWay('send-failed', 'ENETUNREACH')).toBe(false);
    expect(provesTheWay('timeout', '')).toBe(false);
    expect(provesTheWay('wrong-key', '')).toBe(true);
  });
});
