/** Runs the published cases against a receiver. */
import { About } from '@beacontower/contracts';
import type { Clock } from '@beacontower/runtime';
import { type Case, type CaseResult, NotTried, tryCases } from '../case.ts';
import { type ConformanceReport, makeReport } from '../report.ts';
import { accepted, Wire, type WireOptions } from '../wire.ts';
import { EFFECT_CASES } from './effects.ts';
import { ENROLMENT_CASES, Enrolling } from './enrolment.ts';
import { HELLO_CASES } from './hello.ts';
import { INCARNATION_CASES } from './incarnations.ts';
import { LOG_CASES } from './log.ts';
import { Probe, type ProbeIdentity, type ReceiverContext } from './probe.ts';
import { REFUSAL_CASES } from './refusals.ts';
import { SCOPE_CASES } from './scope.ts';
import { SNAPSHOT_CASES } from './snapshot.ts';
import { TRANSPORT_CASES } from './transport.ts';

const CASES = [
  ...TRANSPORT_CASES,
  ...HELLO_CASES,
  ...LOG_CASES,
  ...REFUSAL_CASES,
  ...SCOPE_CASES,
  ...EFFECT_CASES,
  ...SNAPSHOT_CASES,
  ...INCARNATION_CASES,
];

/** Who the test is towards the receiver: a node that is enrolled, or an invitation for one. */
export type Introduction =
  | { readonly identity: ProbeIdentity }
  | {
      readonly token: string;
      readonly node: string;
      readonly division: string;
      readonly onCode: (code: string) => void;
      readonly pauseMs?: number;
    };

export interface ReceiverCheck {
  readonly as: Introduction;
  readonly clock: Clock;
  readonly expired?: WireOptions['own'] | undefined;
  readonly revoked?: WireOptions['own'] | undefined;
  readonly onResult?: (result: CaseResult) => void;
}

/** Tries every case. The node that it speaks as is to be one for the test alone: what is told of stays in the record. */
export async function checkReceiver({ as, clock, expired, revoked, onResult }: ReceiverCheck): Promise<ConformanceReport> {
  const begun = clock.now();
  const results: CaseResult[] = [];
  const identity = 'identity' in as ? as.identity : await enrol(as, clock, results, onResult);
  if (identity === null) return makeReport({ role: 'receiver', subject: { node: '', software: '' }, begun, ended: clock.now() }, results);
  const probe = new Probe(identity, () => clock.now());
  const context: ReceiverContext = {
    probe,
    identity,
    now: () => clock.now(),
    ...(expired === undefined ? {} : { expired }),
    ...(revoked === undefined ? {} : { revoked }),
  };
  try {
    results.push(...(await tryCases(CASES.map(recovering), context, clock, onResult)));
    return makeReport({ role: 'receiver', subject: await subjectOf(identity), begun, ended: clock.now() }, results);
  } finally {
    await probe.wire.close();
  }
}

/** What a case left behind that was not met is no fault of those after it. */
function recovering(each: Case<ReceiverContext>): Case<ReceiverContext> {
  return {
    ...each,
    async run(context) {
      try {
        return await each.run(context);
      } catch (error) {
        if (!(error instanceof NotTried)) await context.probe.recover().catch(() => undefined);
        throw error;
      }
    },
  };
}

async function enrol(
  as: Extract<Introduction, { token: string }>,
  clock: Clock,
  results: CaseResult[],
  onResult: ReceiverCheck['onResult'],
): Promise<ProbeIdentity | null> {
  const enrolling = new Enrolling(as.token, as);
  results.push(...(await tryCases(ENROLMENT_CASES, enrolling, clock, onResult)));
  return enrolling.identity;
}

async function subjectOf({ url, authority }: WireOptions): Promise<ConformanceReport['subject']> {
  const wire = new Wire({ url, authority });
  try {
    const { node, software } = accepted(await wire.send({ method: 'GET', path: '/about' }), About);
    return { node, software: `${software.name} ${software.version}` };
  } catch {
    return { node: '', software: '' };
  } finally {
    await wire.close();
  }
}
