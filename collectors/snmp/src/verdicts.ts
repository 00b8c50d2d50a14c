import { VERDICT, type VerdictCode } from '@beacontower/contracts';
import type { Reason } from '@beacontower/domain';
import type { Failure } from './wire/port.ts';

/** What is said of a check, and why. */
export interface Verdict {
  readonly verdict: VerdictCode;
  readonly reason: Reason;
}

const say = (verdict: keyof typeof VERDICT, reason: Reason): Verdict => ({ verdict: VERDICT[verdict], reason });

const LINK_UP = say('up', 'link-up');
const ADMIN_DOWN = say('down', 'admin-down');
/** By ifOperStatus: up(1), down(2), testing(3), unknown(4), dormant(5), notPresent(6), lowerLayerDown(7). */
const BY_OPER: readonly (Verdict | null)[] = [
  null,
  LINK_UP,
  say('down', 'link-down'),
  say('down', 'testing'),
  null,
  say('degraded', 'dormant'),
  say('down', 'not-present'),
  say('down', 'lower-layer-down'),
];

/** What the plan's interface is that a whole table does not hold. */
export const VANISHED = say('down', 'vanished');

/**
 * What ifAdminStatus and ifOperStatus (RFC 2863; 0: not answered) say of an interface; null when they say nothing. One that was switched
 * off is down for that reason whatever its link does; one that is being tested by its administrator carries no traffic.
 */
export function interfaceVerdict(admin: number, oper: number): Verdict | null {
  if (admin === 2) return ADMIN_DOWN;
  if (oper === 1 && admin === 3) return BY_OPER[3] ?? null;
  return BY_OPER[oper] ?? null;
}

/** Something that kept a poll from being whole, in a word and in words. Holds no secret. */
export interface Trouble {
  readonly reason: Reason;
  readonly text: string;
}

/** Failures that are an answer all the same: the agent is there and says that it will not. */
const ANSWERED: ReadonlySet<Failure> = new Set(['too-big', 'no-such-name', 'gen-err', 'refused']);
/** Failures that prove that something came back from where the device is. */
const CAME_BACK: ReadonlySet<Failure> = new Set([
  ...ANSWERED,
  'unknown-user',
  'wrong-key',
  'not-in-time-window',
  'unsupported-security',
  'malformed',
]);

/** Whether a failed request shows that the vantage and the way to the device are sound. A refused port speaks of the device itself. */
export function provesTheWay(failure: Failure, text: string): boolean {
  return CAME_BACK.has(failure) || (failure === 'send-failed' && text.includes('ECONNREFUSED'));
}

/** The agent's verdict: what trouble means depends on whether the agent answered anything at all in this poll. */
export function agentVerdict(trouble: Trouble | null, answered: boolean): Verdict {
  if (!trouble) return say('up', 'agent-answers');
  return { verdict: answered ? VERDICT.degraded : VERDICT.down, reason: trouble.reason };
}

/** True when the request failed because the agent said so, in an answer. */
export function isAnswer(failure: Failure): boolean {
  return ANSWERED.has(failure);
}

/** For words about silence: who was asked. */
export interface Asked {
  readonly address: string;
  readonly port: number;
  readonly version: '1' | '2c' | '3';
  /** The agent answered something in this poll. */
  readonly answered: boolean;
  /** What was being read, such as `the interface table`. */
  readonly reading: string;
  /** The device's time in this round was over before it was read. */
  readonly outOfTime: boolean;
}

/** What a failed request means, with words that a person can act on. Null: we are stopping, nothing is meant. */
export function troubleOf(failure: Failure, text: string, asked: Asked): Trouble | null {
  const place = asked.address.includes(':') ? `[${asked.address}]:${asked.port}` : `${asked.address}:${asked.port}`;
  switch (failure) {
    case 'stopped':
      return null;
    case 'timeout':
      return { reason: 'no-reply', text: silenceText(place, asked) };
    case 'send-failed':
      return { reason: 'no-reply', text: unreachableText(place, text) };
    case 'too-big':
      return { reason: 'agent-error', text: `the agent says tooBig even to the smallest question about ${asked.reading}` };
    case 'gen-err':
      return { reason: 'agent-error', text: `the agent answered genErr while ${asked.reading} was read: look at the device's own log` };
    case 'no-such-name':
    case 'refused':
      return {
        reason: 'agent-refuses',
        text: `the agent refused to show ${asked.reading} (${text}): allow the credential's view IF-MIB and the system group`,
      };
    case 'unknown-user':
      return { reason: 'unknown-user', text: 'the agent does not know the SNMPv3 user: compare the user name with the device' };
    case 'wrong-key':
      return {
        reason: 'wrong-key',
        text: 'the SNMPv3 keys do not fit: compare authentication and privacy, protocols and passwords, with the device',
      };
    case 'not-in-time-window':
      return {
        reason: 'not-in-time-window',
        text: "the agent's SNMPv3 engine time cannot be followed: the device's clock or engine boots jump",
      };
    case 'unsupported-security':
      return {
        reason: 'unsupported-security',
        text: 'the agent does not let this SNMPv3 user in at this security level, or does not know the context: compare both with the device',
      };
    case 'malformed':
      return { reason: 'malformed-answer', text: `the agent's answer about ${asked.reading} is no valid SNMP (${text})` };
  }
}

function silenceText(place: string, { answered, version, reading, outOfTime }: Asked): string {
  if (answered && outOfTime) return `the agent answers too slowly: ${reading} could not be read within the interval`;
  if (answered) return `the agent answers, but stopped answering while ${reading} was read`;
  const cause =
    version === '3'
      ? 'the device or its agent is down, a filter is in the way, or the agent drops what it does not understand'
      : 'the device or its agent is down, a filter is in the way, or the community is wrong (an agent is then silent)';
  return `no answer from ${place}: ${cause}`;
}

function unreachableText(place: string, text: string): string {
  if (text.includes('ECONNREFUSED')) return `nothing listens on ${place} (UDP): switch the agent on, or correct the port`;
  return `no question could be sent to ${place} (${text}): is there a way to it from here?`;
}
