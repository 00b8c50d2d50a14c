import {
  type CapturedSamples,
  LatestAnswer,
  SeriesAnswer,
  type SeriesMetric,
  TracerouteAnswer,
  tracerouteKind,
  trafficOf,
} from '@beacontower/contracts';
import { checkKeys, type Database, type DueCapture, readInterfacesOf, readObjectBodies } from '@beacontower/database';
import type { Questions } from '../ports.ts';
import { CaptureQuestion } from './plan.ts';

export interface LookDependencies {
  readonly database: Database;
  readonly questions: Questions;
}

/** What was looked for is not there; the message is for people, and asking again is of no use. */
export class NothingThere extends Error {
  override readonly name = 'NothingThere';
}

/** Longer than a collector looks for a way. */
const WAY_MS = 20_000;
const SAMPLES_MS = 10_000;
/** So much of the time before the failure is kept. */
const BEFORE_MS = 10 * 60_000;
/** Fine enough for every interval of checks; a step without a sample takes no room. */
const STEP_MS = 1_000;
const MOST_INTERFACES = 50;
/** Interfaces that the recorder is asked about. */
const ASKED_INTERFACES = 2_000;

/** Makes a look; resolves to what is kept of it. Rejects with `NothingThere`, or with what the one who was asked said. */
export function look(capture: DueCapture, deps: LookDependencies, now: number): Promise<unknown> {
  const question = CaptureQuestion.parse(capture.question);
  switch (question.of) {
    case 'way':
      return wayTo(question.address, question.zone, deps);
    case 'icmp':
      return icmpSamples(question.object, question.check, { from: capture.askedAt - BEFORE_MS, to: now }, deps);
    case 'interfaces':
      return interfaceSamples(question.object, deps);
  }
}

async function wayTo(
  address: string,
  zone: string,
  { questions }: LookDependencies,
): Promise<TracerouteAnswer & { readonly zone: string }> {
  const answer = await questions.ask(tracerouteKind(zone), { address }, WAY_MS);
  return { ...TracerouteAnswer.parse(answer), zone };
}

async function icmpSamples(
  object: string,
  check: string,
  { from, to }: { readonly from: number; readonly to: number },
  { database, questions }: LookDependencies,
): Promise<CapturedSamples> {
  const key = (await checkKeys(database, object)).get(check);
  if (key === undefined) throw new NothingThere('the check was never looked at');
  const points = async (metric: SeriesMetric) => {
    const answer = await questions.ask('series', { check: key, metric, from, to, step: STEP_MS }, SAMPLES_MS);
    return SeriesAnswer.parse(answer).points;
  };
  const [rtt, loss] = await Promise.all([points('rtt'), points('loss')]);
  if (rtt.length + loss.length === 0) throw new NothingThere('there is no sample of the ten minutes before');
  return { of: 'icmp', from, to, rtt, loss };
}

async function interfaceSamples(object: string, { database, questions }: LookDependencies): Promise<CapturedSamples> {
  const body = (await readObjectBodies(database, [object])).get(object);
  if (!body) throw new NothingThere('the object is no longer in the configuration');
  const interfaces = await readInterfacesOf(database, body, ASKED_INTERFACES);
  if (interfaces.length === 0) throw new NothingThere('none of its interfaces is known');
  const byKey = new Map(interfaces.map((each) => [each.key, each]));
  const answer = LatestAnswer.parse(await questions.ask('latest', { checks: [...byKey.keys()] }, SAMPLES_MS));
  const read = answer.flatMap((latest) => {
    const found = byKey.get(latest.check);
    return found ? [{ object: found.object, name: found.name, traffic: trafficOf(latest) }] : [];
  });
  if (read.length === 0) throw new NothingThere(`none of its ${interfaces.length} interfaces was read twice before`);
  const busy = ({ traffic }: (typeof read)[number]) => (traffic.inBps ?? 0) + (traffic.outBps ?? 0);
  return { of: 'interfaces', total: read.length, interfaces: read.sort((a, b) => busy(b) - busy(a)).slice(0, MOST_INTERFACES) };
}
