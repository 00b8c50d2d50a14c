import { Readable } from 'node:stream';
import { NewReport, Report, ReportFileQuery, ReportPage, ReportQuery, UuidParams } from '@beacontower/contracts';
import {
  appendLog,
  cancelReport,
  countUnmade,
  findReport,
  insertReport,
  listReports,
  orderReport,
  ReportRefused,
  readArtifact,
  reportArtifact,
} from '@beacontower/database';
import type { FastifyReply } from 'fastify';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { creationId } from '../http/idempotency.ts';
import { ApiProblem, badField, notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';

/** Reports of one caller that may wait at a time: each takes seconds and megabytes. */
const MOST_UNMADE = 50;

const operate = { access: 'operate' as const };

/** Reports: asked for, followed, fetched, cancelled. They are made elsewhere; the row is the record. */
export function registerReports(app: App, context: RouteContext): void {
  registerReading(app, context);
  registerAsking(app, context);
  registerCancelling(app, context);
  registerFiles(app, context);
}

function registerReading(app: App, { database }: RouteContext): void {
  app.get(
    '/api/v1/reports',
    { schema: { ...describe('reports', 'Reports, the newest first', 'read'), querystring: ReportQuery, response: { 200: ReportPage } } },
    async (request) => listReports(database, request.query, principalOf(request).divisions),
  );
  app.get(
    '/api/v1/reports/:id',
    { schema: { ...describe('reports', 'One report and how far it is', 'read'), params: UuidParams, response: { 200: Report } } },
    async (request) => requireReport(database, request.params.id, principalOf(request).divisions),
  );
}

function registerAsking(app: App, { database, clock }: RouteContext): void {
  app.post(
    '/api/v1/reports',
    {
      config: operate,
      schema: {
        ...describe(
          'reports',
          'Have a report made',
          'operate',
          'A period that still runs gives a report that says so; one that has not begun is refused. Follow it by its address, or by live events of the type "report".',
        ),
        body: NewReport,
        response: { 202: Report },
      },
    },
    async (request, reply) => {
      const { divisions, name } = principalOf(request);
      const now = clock.now();
      const order = await orderReport(database, request.body, divisions, now).catch(answerRefusal);
      if ((await countUnmade(database, name)) >= MOST_UNMADE)
        throw new ApiProblem(429, 'too-many-reports', `${MOST_UNMADE} reports that you asked for are not made yet`, {
          headers: { 'retry-after': '60' },
        });
      const id = creationId(request);
      await database.transaction(async (tx) => {
        if (!(await insertReport(tx, { id, order, requestedBy: name, schedule: null, now }))) return;
        const body = { report: id, division: order.division, state: 'queued', progress: 0 } as const;
        await appendLog(tx, [{ kind: 'report', subject: id, body, eventAt: now }], now);
      });
      const report = await requireReport(database, id, divisions);
      return reply.code(202).header('location', `/api/v1/reports/${id}`).send(report);
    },
  );
}

function registerCancelling(app: App, { database, clock }: RouteContext): void {
  app.delete(
    '/api/v1/reports/:id',
    {
      config: operate,
      schema: {
        ...describe('reports', 'Cancel a report that is not made yet', 'operate', 'What is being done for it stops at its next step.'),
        params: UuidParams,
        response: { 200: Report },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { divisions } = principalOf(request);
      await requireReport(database, id, divisions);
      const now = clock.now();
      const isCancelled = await database.transaction(async (tx) => {
        const division = await cancelReport(tx, id, now);
        if (division === undefined) return false;
        await appendLog(
          tx,
          [{ kind: 'report', subject: id, body: { report: id, division, state: 'cancelled', progress: 0 }, eventAt: now }],
          now,
        );
        return true;
      });
      const report = await requireReport(database, id, divisions);
      if (!isCancelled) throw new ApiProblem(409, 'already-ended', `the report is ${report.state}`);
      return report;
    },
  );
}

function registerFiles(app: App, { database, logger }: RouteContext): void {
  app.get(
    '/api/v1/reports/:id/file',
    {
      schema: {
        ...describe('reports', 'A file of a report', 'read', 'As an attachment; 409 until the report is done.'),
        params: UuidParams,
        querystring: ReportFileQuery,
      },
    },
    async (request, reply) => {
      const report = await requireReport(database, request.params.id, principalOf(request).divisions);
      if (report.state !== 'done') throw new ApiProblem(409, 'report-not-done', `the report is ${report.state}${because(report)}`);
      const file = fileOf(report, request.query);
      const artifact = await reportArtifact(database, report.id, file.format, file.language);
      if (artifact === undefined) throw notFound('file');
      sendAs(reply, file);
      const body = Readable.from(readArtifact(database, artifact), { objectMode: false });
      body.on('error', (error) => logger.warn({ err: error, report: report.id }, 'a file of a report could not be read to its end'));
      request.raw.once('close', () => body.destroy());
      return reply.send(body);
    },
  );
}

function because({ error }: Report): string {
  return error === null ? '' : `: ${error}`;
}

function fileOf(report: Report, { format, language }: { format: string; language?: string | undefined }): Report['files'][number] {
  const ofFormat = report.files.filter((file) => file.format === format);
  const found = ofFormat.filter((file) => language === undefined || file.language === language);
  const [file] = found;
  if (file === undefined) throw notFound('file');
  if (found.length > 1)
    throw badField(
      'query',
      'language',
      'the report has this file in several languages',
      ofFormat.map((each) => each.language).join(' or '),
    );
  return file;
}

// RFC 6266: an ASCII name for those that read no other (`curl -OJ`), and the name itself as RFC 8187 has it.
function sendAs(reply: FastifyReply, { name, mediaType, size }: Report['files'][number]): void {
  const plain = name
    .replace(/[^\x21-\x7e]+/g, '_')
    .replace(/["\\]/g, '_')
    .replace(/^[_-]+/, 'report-');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  reply
    .header('content-type', mediaType)
    .header('content-length', size)
    .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`);
}

async function requireReport(database: RouteContext['database'], id: string, divisions: readonly string[]): Promise<Report> {
  const report = await findReport(database, id, divisions);
  if (!report) throw notFound('report');
  return report;
}

function answerRefusal(error: unknown): never {
  if (!(error instanceof ReportRefused)) throw error;
  if (error.code === 'outside-scope') throw new ApiProblem(403, 'outside-scope', error.message);
  const problem = badField('body', error.field, error.message, error.expected);
  throw error.code === 'period-in-the-future' ? new ApiProblem(422, error.code, error.message, { errors: problem.errors ?? [] }) : problem;
}
