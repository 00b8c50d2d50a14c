import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import {
  ClosedMemberPage,
  ClosedPeriod,
  ClosedPeriodPage,
  ClosedPeriodQuery,
  EVIDENCE_MEDIA_TYPE,
  NewClosing,
  type ObjectiveBody,
  PageQuery,
  SigningKeys,
  timestamp,
  UuidParams,
} from '@beacontower/contracts';
import {
  type ClosedFigure,
  ClosedMeanwhile,
  closePeriod,
  findClosedFigure,
  findObjective,
  listClosedFigures,
  pageClosedMembers,
  readArtifact,
  readJudged,
  readUsedKeys,
  type Scope,
  scopeCovers,
  scopeTouches,
} from '@beacontower/database';
import { type Interval, parsePeriod } from '@beacontower/domain';
import { keyFingerprint } from '@beacontower/runtime';
import { z } from 'zod';
import { describeClosed, describeListed } from '../closed-periods.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { ApiProblem, badField, notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';

/** Closed periods, their versions, members and evidence, and the keys that evidence is signed with. */
export function registerPeriods(app: App, context: RouteContext): void {
  registerReading(app, context);
  registerClosing(app, context);
  registerEvidence(app, context);
  registerKeys(app, context);
}

function registerReading(app: App, { database }: RouteContext): void {
  app.get(
    '/api/v1/periods',
    {
      schema: {
        ...describe('periods', 'Every version of closed periods, the latest period first', 'read'),
        querystring: ClosedPeriodQuery,
        response: { 200: ClosedPeriodPage },
      },
    },
    async (request) => {
      const scope = principalOf(request).divisions;
      const { items, nextCursor } = await listClosedFigures(database, request.query, scope);
      return { items: items.map((item) => describeListed(item, scope)), nextCursor };
    },
  );
  app.get(
    '/api/v1/periods/:id',
    {
      schema: {
        ...describe('periods', 'One version: what it was judged by, its figures, and what changed since the one before', 'read'),
        params: UuidParams,
        response: { 200: ClosedPeriod },
      },
    },
    async (request) => {
      const scope = principalOf(request).divisions;
      return describeClosed(database, await found(database, request.params.id, scope), scope);
    },
  );
  app.get(
    '/api/v1/periods/:id/members',
    {
      schema: {
        ...describe('periods', 'The members of a version with their frozen accounts, by id', 'read'),
        params: UuidParams,
        querystring: PageQuery,
        response: { 200: ClosedMemberPage },
      },
    },
    async (request) => {
      const scope = principalOf(request).divisions;
      const figure = await found(database, request.params.id, scope);
      const { items, nextCursor } = await pageClosedMembers(database, figure.id, request.query, scope);
      return { items: items.map(({ id, ...member }) => ({ object: id, ...member })), nextCursor };
    },
  );
}

async function found(database: RouteContext['database'], id: string, scope: Scope): Promise<ClosedFigure> {
  const figure = await findClosedFigure(database, id);
  if (figure === undefined || !scopeTouches(scope, figure.division)) throw notFound('closed period');
  return figure;
}

function registerClosing(app: App, context: RouteContext): void {
  const { database, clock, signer } = context;
  app.post(
    '/api/v1/periods',
    {
      config: { access: 'manage' },
      schema: {
        ...describe(
          'periods',
          'Close a period by hand, or make the next version of a closed one',
          'manage',
          'A period that is not over, or is still being judged, is refused; so is a closed one in which nothing changed.',
        ),
        body: NewClosing,
        response: { 201: ClosedPeriod },
      },
    },
    async (request, reply) => {
      const { divisions, name } = principalOf(request);
      const { body } = request;
      const objective = await findObjective(database, body.objective, divisions);
      if (!objective) throw notFound('objective');
      if (!scopeCovers(divisions, objective.division)) throw new ApiProblem(403, 'outside-scope', 'it covers more than your divisions');
      const now = clock.now();
      const period = periodOf(body, objective);
      await checkOver(context, period, now);
      const order = { objective, ...period, reason: body.reason, closedBy: name, signer, now };
      const made = await closePeriod(database, order).catch((error: unknown) => {
        if (error instanceof ClosedMeanwhile) throw new ApiProblem(409, error.code, error.message);
        throw error;
      });
      if (made === undefined)
        throw new ApiProblem(409, 'nothing-changed', 'it is closed, and no account of a member differs from its latest version');
      return reply
        .code(201)
        .header('location', `/api/v1/periods/${made.id}`)
        .send(await describeClosed(database, made, divisions));
    },
  );
}

function periodOf(body: NewClosing, { timeZone }: Pick<ObjectiveBody, 'timeZone'>): Interval {
  if (body.from !== undefined && body.to !== undefined) return { from: body.from, to: body.to };
  const period = parsePeriod(body.period ?? '', timeZone);
  const expected = '2018-07-01, 2018-W27, 2018-07, 2018-Q3, 2018-H1 or 2018';
  if (period === null) throw badField('body', 'period', `"${body.period}" is no period`, expected);
  return { from: period.from, to: period.to };
}

/** What is not over cannot be signed; what is over but not judged yet soon will be. */
async function checkOver({ database }: RouteContext, { from, to }: Interval, now: number): Promise<void> {
  if (from >= now) throw new ApiProblem(409, 'period-in-the-future', `it begins at ${timestamp(from)}; only what is over can be closed`);
  if (to > now) throw new ApiProblem(409, 'period-running', `it ends at ${timestamp(to)}; only what is over can be closed`);
  const { asOf } = await readJudged(database, now);
  if (asOf < to)
    throw new ApiProblem(409, 'still-judged', `its end is still being judged (up to ${timestamp(asOf)}): try again in two minutes`);
}

function registerEvidence(app: App, { database }: RouteContext): void {
  app.get(
    '/api/v1/periods/:id/evidence',
    {
      schema: {
        ...describe(
          'periods',
          'The evidence bundle of a version, JSON lines',
          'read',
          '`beacontower report verify FILE` checks it without this node. X-Evidence-SHA256 is the digest of all lines but the last, which is signed.',
        ),
        params: UuidParams,
        produces: [EVIDENCE_MEDIA_TYPE],
        response: { 200: z.any().describe('JSON lines; docs/availability.md tells what each is') },
      },
    },
    async (request, reply) => {
      const scope = principalOf(request).divisions;
      const figure = await found(database, request.params.id, scope);
      if (!scopeCovers(scope, figure.division))
        throw new ApiProblem(403, 'outside-scope', 'the evidence holds all members of the objective, which are more than your divisions');
      if (figure.evidence === null) throw notFound('evidence');
      const { bytes, sha256 } = figure.body.evidence;
      const name = `evidence-${figure.objective}-${timestamp(figure.from).slice(0, 10)}-v${figure.version}.jsonl`;
      // Read as it is sent: a client that goes away ends the reading.
      const packed = Readable.from(readArtifact(database, figure.evidence), { objectMode: false });
      const lines = pipeline(packed, createGunzip(), () => undefined);
      return reply
        .header('content-type', EVIDENCE_MEDIA_TYPE)
        .header('content-length', bytes)
        .header('content-disposition', `attachment; filename="${encodeURIComponent(name)}"; filename*=UTF-8''${encodeURIComponent(name)}`)
        .header('x-evidence-sha256', sha256)
        .header('cache-control', 'private, immutable, max-age=31536000')
        .send(lines);
    },
  );
}

function registerKeys(app: App, { database, signer }: RouteContext): void {
  app.get(
    '/api/v1/signing-keys',
    {
      schema: {
        ...describe(
          'periods',
          'The public keys that evidence is, and was, signed with',
          'read',
          'Name one as trusted: report verify --key.',
        ),
        response: { 200: SigningKeys },
      },
    },
    async () => {
      const used = await readUsedKeys(database);
      const current = signer.publicKey;
      const keys = used.some(({ publicKey }) => publicKey === current) ? used : [{ publicKey: current, first: null, last: null }, ...used];
      return {
        items: keys.map(({ publicKey, first, last }) => ({
          publicKey,
          algorithm: 'Ed25519' as const,
          fingerprint: keyFingerprint(publicKey),
          current: publicKey === current,
          firstUsedAt: first === null ? null : timestamp(first),
          lastUsedAt: last === null ? null : timestamp(last),
        })),
      };
    },
  );
}
