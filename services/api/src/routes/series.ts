import { ObjectParams, SERIES_METRICS, Series, SeriesAnswer, SeriesQuery, timestamp } from '@beacontower/contracts';
import { checkKeys, findInterface, findObject, listInterfaces, type SampledCheck, type Scope } from '@beacontower/database';
import type { MonitoredObject } from '@beacontower/domain';
import { ask, RequestError } from '@beacontower/queue';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { ApiProblem, badField, notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';

/** Longest that the sample store may take; a month of one interface takes it a fraction of a second. */
const ANSWER_MS = 15_000;
const SHOWN_INTERFACES = 10;

/** Samples of one object over a period, from the one who owns their store. */
export function registerSeries(app: App, context: RouteContext): void {
  const { clock, database } = context;
  const words =
    'rtt, loss and jitter are of the ICMP check of an address family. All others are of an interface: ask the interface itself, ' +
    'or a circuit with the end you mean. A device has no traffic of its own: the problem names its interfaces. ' +
    '503 samples-unavailable: the sample store is away; states, incidents and alerts are not touched by that.';
  app.get(
    '/api/v1/objects/:id/series',
    {
      schema: {
        ...describe('objects', 'Samples of an object over a period', 'read', words),
        params: ObjectParams,
        querystring: SeriesQuery,
        response: { 200: Series },
      },
    },
    async (request) => {
      const scope = principalOf(request).divisions;
      const found = await findObject(database, request.params.id, scope, { now: clock.now() });
      if (!found) throw notFound('object');
      return readSeries(context, await sampledChecks(context, found.body, request.query, scope), request.query);
    },
  );
}

/** The checks that may have the samples, the likeliest first. */
async function sampledChecks(context: RouteContext, object: MonitoredObject, query: SeriesQuery, scope: Scope): Promise<SampledCheck[]> {
  const keys = await checkKeys(context.database, object.id);
  const own = (check: string): SampledCheck[] => {
    const key = keys.get(check);
    return key === undefined ? [] : [{ object: object.id, check, key }];
  };
  if (SERIES_METRICS[query.metric].of === 'icmp') {
    if (query.end !== undefined) throw badField('query', 'end', `${query.metric} is not of an end`, 'no end with rtt, loss and jitter');
    return own(icmpCheckOf(object, query));
  }
  if (query.family !== undefined)
    throw badField('query', 'family', `${query.metric} has no address family`, 'family with rtt, loss and jitter only');
  if (query.end !== undefined && object.kind !== 'circuit')
    throw badField('query', 'end', 'this object is no circuit', 'end with circuits only');
  const watched = object.checks.filter((check) => check.kind === 'interface');
  const end = watched.find(({ id }) => id.endsWith(`/end${query.end ?? 1}`)) ?? (query.end === undefined ? watched[0] : undefined);
  if (!end) throw await withoutInterface(context, object, query, scope);
  // A circuit's end is sampled as the interface that it is; the circuit itself asks where the device belongs to another partition.
  const joined = object.kind === 'circuit' ? await findInterface(context.database, end.device, end.ifName) : undefined;
  return [...(joined ? [joined] : []), ...own(end.id)];
}

function icmpCheckOf(object: MonitoredObject, { metric, family }: SeriesQuery): string {
  const checks = object.checks.filter((check) => check.kind === 'icmp');
  const wanted =
    family === undefined ? (checks.find((check) => check.family === 4) ?? checks[0]) : checks.find((check) => check.family === family);
  if (wanted) return wanted.id;
  const families = checks.map((check) => `IPv${check.family}`).join(' and ');
  const has = families === '' ? 'it has no ICMP check' : `it is asked by ICMP over ${families} only`;
  throw new ApiProblem(422, 'not-sampled', `there is no ${metric} of this object: ${has}`);
}

async function withoutInterface(
  { database }: RouteContext,
  object: MonitoredObject,
  { metric, end }: SeriesQuery,
  scope: Scope,
): Promise<ApiProblem> {
  if (object.kind === 'circuit') {
    const which = end === undefined ? 'ends' : `end ${end}`;
    return new ApiProblem(422, 'not-sampled', `there is no ${metric} of this circuit: no interface is known at its ${which}`);
  }
  const { ids, count } = await listInterfaces(database, object.id, scope, SHOWN_INTERFACES);
  if (count === 0) return new ApiProblem(422, 'not-sampled', `there is no ${metric} of this object: it has no interfaces that are watched`);
  const more =
    count > ids.length
      ? `, and ${count - ids.length} more: GET /api/v1/objects?kind=interface&parent=${encodeURIComponent(object.id)}`
      : '';
  return new ApiProblem(422, 'interface-needed', `${metric} is of one interface; ask one of this device's: ${ids.join(', ')}${more}`);
}

async function readSeries({ redis, keys, logger }: RouteContext, checks: readonly SampledCheck[], query: SeriesQuery): Promise<Series> {
  const { metric, from, to, step = null } = query;
  const [first, ...others] = checks;
  if (!first) throw new ApiProblem(422, 'not-sampled', `there is no ${metric} of this object: it has never been looked at`);
  const answerOf = async (check: SampledCheck) => {
    const question = { check: check.key, metric, from, to, step };
    const answer = await ask(redis, keys, 'series', question, { timeoutMs: ANSWER_MS }).catch((error: unknown) => {
      throw unavailable(error, logger);
    });
    return { check, answer: SeriesAnswer.parse(answer) };
  };
  let found = await answerOf(first);
  for (const other of others) {
    if (found.answer.points.length > 0) break;
    const next = await answerOf(other);
    if (next.answer.points.length > 0) found = next;
  }
  const { check, answer } = found;
  return {
    metric,
    unit: SERIES_METRICS[metric].unit,
    step: answer.step,
    source: answer.source,
    object: check.object,
    check: check.check,
    points: answer.points.map(([at, min, avg, max]) => [timestamp(at), min, avg, max]),
  };
}

const WHY: Readonly<Record<string, string>> = {
  nobody: 'the sample store is not open: its recorder does not run, or cannot reach it',
  busy: 'too many questions wait for the sample store',
  late: 'the sample store did not answer in time',
};

function unavailable(error: unknown, logger: RouteContext['logger']): ApiProblem {
  const code = error instanceof RequestError ? error.code : 'unknown';
  if (!Object.hasOwn(WHY, code)) logger.warn({ err: error }, 'samples could not be read');
  const why = WHY[code] ?? 'the sample store could not answer';
  return new ApiProblem(503, 'samples-unavailable', `${why}; try again later`, { headers: { 'retry-after': '10' } });
}
