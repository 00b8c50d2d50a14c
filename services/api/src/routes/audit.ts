import { Readable } from 'node:stream';
import { AuditExportQuery, AuditPage, AuditQuery, AuditVerification } from '@beacontower/contracts';
import { listAudit, readAudit } from '@beacontower/database';
import type { App, RouteContext } from '../context.ts';
import { recordReading } from '../http/audit.ts';
import { describe } from '../openapi.ts';

/** The audit, for audit administrators. Every reading of it is itself in it. */
export function registerAuditRoutes(app: App, { database, clock, logger, audit, guardian }: RouteContext): void {
  const config = { access: 'audit' as const };
  app.get(
    '/api/v1/audit',
    {
      config,
      schema: { ...describe('audit', 'What was done, newest first', 'audit'), querystring: AuditQuery, response: { 200: AuditPage } },
    },
    async (request) => {
      const { cursor, ...asked } = request.query;
      await recordReading(audit, request, { at: clock.now(), action: 'audit.read', detail: { ...asked, further: cursor !== undefined } });
      return listAudit(database, request.query);
    },
  );
  app.get(
    '/api/v1/audit/export',
    {
      config,
      schema: {
        ...describe(
          'audit',
          'The audit as JSON lines, oldest first',
          'audit',
          'As an attachment; what is appended meanwhile is not in it.',
        ),
        querystring: AuditExportQuery,
      },
    },
    async (request, reply) => {
      const now = clock.now();
      await recordReading(audit, request, { at: now, action: 'audit.export', detail: { ...request.query } });
      const body = Readable.from(linesOf(readAudit(database, request.query)), { objectMode: false });
      body.on('error', (error) => logger.warn({ err: error }, 'the audit could not be exported to its end'));
      request.raw.once('close', () => body.destroy());
      const day = new Date(now).toISOString().slice(0, 10);
      return reply
        .header('content-type', 'application/x-ndjson; charset=utf-8')
        .header('content-disposition', `attachment; filename="audit-${day}.jsonl"`)
        .send(body);
    },
  );
  app.get(
    '/api/v1/audit/verification',
    {
      config,
      schema: {
        ...describe('audit', 'Check the whole chain now', 'audit', 'Every link is computed anew from its row; signed places are compared.'),
        response: { 200: AuditVerification },
      },
    },
    async (request) => {
      const found = await guardian.verify();
      const { rows, head, faultCount } = found;
      await recordReading(audit, request, {
        at: clock.now(),
        action: 'audit.verify',
        result: faultCount === 0 ? 'done' : 'failed',
        detail: { rows, head: head?.sequence ?? 0, faultCount },
      });
      return found;
    },
  );
}

async function* linesOf(batches: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  for await (const batch of batches) yield batch.map((row) => `${JSON.stringify(row)}\n`).join('');
}
