import { Report, ReportPage } from '@beacontower/contracts';
import { claimReport, endAttempt, writeArtifact } from '@beacontower/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, startHarness } from '../test-harness.ts';

let harness: Harness;
let app: App;
let viewer: string;
let province: string;

beforeAll(async () => {
  harness = await startHarness();
  await insertEntity(harness.database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  await insertEntity(harness.database, 'objective', {
    id: 'backbone',
    name: '骨干网可用率',
    nameEn: null,
    class: 'backbone',
    objects: null,
    where: null,
    division: 'cn',
    target: 0.9997,
    aggregate: 'mean',
    period: 'half-year',
    rollingDays: null,
    calendar: 'always',
    timeZone: 'Asia/Shanghai',
    basis: 'experienced',
    closeAfterMs: null,
    warnings: [],
  });
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
  viewer = await createToken(app, ['viewer'], ['cn']);
  province = await createToken(app, ['operator'], ['cn.gd']);
});
afterAll(() => harness?.close());

const post = (payload: object, token?: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/api/v1/reports', headers: { ...bearer(token), ...headers }, payload });
const get = (url: string, token?: string) => app.inject({ method: 'GET', url, headers: bearer(token) });
const remove = (id: string, token?: string) => app.inject({ method: 'DELETE', url: `/api/v1/reports/${id}`, headers: bearer(token) });
const made = async (payload: object, token?: string) => Report.parse((await post(payload, token)).json());

/** Ends a report as its worker would: with a file. */
async function finish(id: string, files: readonly { format: string; language: string; name: string; mediaType: string }[]): Promise<void> {
  const { database } = harness;
  await claimReport(database, { id, attempt: 0, by: 'test', now: NOW, lapsesAt: NOW + 60_000 });
  const written = [];
  for (const { format, language, name, mediaType } of files) {
    const bytes = async function* () {
      yield Buffer.from(`${format} ${language}`);
    };
    const { id: artifact } = await writeArtifact(database, { kind: 'report', name, mediaType }, bytes());
    written.push({ format, language, artifact });
  }
  const summary = { zh: '摘要', en: 'summary' };
  await endAttempt(database, { id, by: 'test', state: 'done', error: null, summary, files: written, now: NOW });
}

describe('POST /api/v1/reports', () => {
  it('takes a period by its label, fills in what was left out, and says where to follow it', async () => {
    const answer = await post({ period: '2025-H2' });
    expect(answer.statusCode).toBe(202);
    const report = Report.parse(answer.json());
    expect(answer.headers.location).toBe(`/api/v1/reports/${report.id}`);
    expect(report).toMatchObject({
      period: { label: '2025-H2', from: '2025-06-30T16:00:00.000Z', to: '2025-12-31T16:00:00.000Z', timeZone: 'Asia/Shanghai' },
      division: 'cn',
      objectives: null,
      languages: ['zh'],
      formats: ['docx', 'pdf', 'xlsx', 'csv'],
      state: 'queued',
      files: [],
    });
    const told = await harness.database.query("SELECT body FROM log WHERE kind = 'report' AND subject = $1", [report.id]);
    expect(told.rows).toEqual([{ body: { report: report.id, division: 'cn', state: 'queued', progress: 0 } }]);
  });

  it('takes a span, a running period, and both languages', async () => {
    const span = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };
    const report = await made({ period: span, languages: ['zh', 'en'], formats: ['csv'], objectives: ['backbone'] });
    expect(report).toMatchObject({ period: { label: null }, languages: ['zh', 'en'], formats: ['csv'], objectives: ['backbone'] });
  });

  it('makes one for a repeated request with the same key', async () => {
    const headers = { 'idempotency-key': 'report-1' };
    const [first, again] = [await post({ period: '2025' }, undefined, headers), await post({ period: '2025' }, undefined, headers)];
    expect(again.json()).toEqual(first.json());
  });

  it.each([
    ['a period in the future', { period: '2027-H1' }, 422, 'period-in-the-future', 'period'],
    ['a period that there is not', { period: '2025-13' }, 400, 'invalid-request', 'period'],
    ['no period at all', { period: 'lately' }, 400, 'invalid-request', 'period'],
    ['a span of no length', { period: { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' } }, 400, 'invalid-request', 'period.to'],
    ['an unknown time zone', { period: '2025', timeZone: 'Asia/Beijing' }, 400, 'invalid-request', 'timeZone'],
    ['an unknown objective', { period: '2025', objectives: ['backbone', 'none'] }, 400, 'invalid-request', 'objectives.1'],
    ['a division that there is not', { period: '2025', division: 'cn.atlantis' }, 400, 'invalid-request', 'division'],
    ['no objectives', { period: '2025', objectives: [] }, 400, 'invalid-request', 'objectives'],
    ['an unknown format', { period: '2025', formats: ['odt'] }, 400, 'invalid-request', 'formats.0'],
    ['a format twice', { period: '2025', formats: ['csv', 'csv'] }, 400, 'invalid-request', 'formats'],
    ['language and languages', { period: '2025', language: 'zh', languages: ['en'] }, 400, 'invalid-request', 'languages'],
    ['a field that there is not', { period: '2025', colour: 'red' }, 400, 'invalid-request', undefined],
  ])('refuses %s', async (_, payload, status, code, field) => {
    const answer = await post(payload);
    const problem = answer.json() as { code: string; errors?: { path: string; expected: string }[] };
    expect([answer.statusCode, problem.code]).toEqual([status, code]);
    if (field !== undefined) expect(problem.errors?.map(({ path }) => path)).toContain(field);
    expect(problem.errors?.every(({ expected }) => expected !== '')).toBe(true);
  });

  it('is for operators, and for their own divisions', async () => {
    expect((await post({ period: '2025' }, viewer)).statusCode).toBe(403);
    expect((await made({ period: '2025' }, province)).division).toBe('cn.gd');
    const outside = await post({ period: '2025', division: 'cn.gx' }, province);
    expect([outside.statusCode, (outside.json() as { code: string }).code]).toEqual([403, 'outside-scope']);
  });
});

describe('whoever asks for too many', () => {
  it('is asked for patience, and others are not', async () => {
    const hasty = await createToken(app, ['operator'], ['cn']);
    const answers = await Promise.all(Array.from({ length: 50 }, () => post({ period: '2025' }, hasty)));
    expect(answers.every(({ statusCode }) => statusCode === 202)).toBe(true);
    const refused = await post({ period: '2025' }, hasty);
    expect([refused.statusCode, refused.json()]).toEqual([429, expect.objectContaining({ code: 'too-many-reports' })]);
    expect(refused.headers['retry-after']).toBe('60');
    expect((await post({ period: '2025' }, province)).statusCode).toBe(202);
    await remove(Report.parse(answers[0]?.json()).id, hasty);
    expect((await post({ period: '2025' }, hasty)).statusCode).toBe(202);
  });
});

describe('a report', () => {
  it('is seen only by who covers its division', async () => {
    const ofAll = await made({ period: '2024' });
    const ofProvince = await made({ period: '2024' }, province);
    expect((await get(`/api/v1/reports/${ofAll.id}`, province)).statusCode).toBe(404);
    expect((await get(`/api/v1/reports/${ofProvince.id}`, viewer)).statusCode).toBe(200);
    const seen = ReportPage.parse((await get('/api/v1/reports?limit=1000', province)).json()).items;
    expect(new Set(seen.map(({ division }) => division))).toEqual(new Set(['cn.gd']));
  });

  it('comes in pages, the newest first', async () => {
    const first = ReportPage.parse((await get('/api/v1/reports?limit=2')).json());
    expect(first.items.length).toBe(2);
    const second = ReportPage.parse((await get(`/api/v1/reports?limit=2&cursor=${first.nextCursor}`)).json());
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await get('/api/v1/reports?state=done')).json()).toEqual({ items: [], nextCursor: null });
  });

  it('has its file as an attachment once it is done, and 409 before', async () => {
    const { id } = await made({ period: '2025', formats: ['csv', 'pdf'], languages: ['zh', 'en'] });
    const early = await get(`/api/v1/reports/${id}/file?format=csv`);
    expect([early.statusCode, (early.json() as { code: string }).code]).toEqual([409, 'report-not-done']);
    await finish(id, [
      { format: 'csv', language: 'zh', name: '可用率报告-全国-2025.csv', mediaType: 'text/csv; charset=utf-8' },
      { format: 'csv', language: 'en', name: 'availability-report-2025.csv', mediaType: 'text/csv; charset=utf-8' },
      { format: 'pdf', language: 'zh', name: 'a"b.pdf', mediaType: 'application/pdf' },
    ]);
    const file = await get(`/api/v1/reports/${id}/file?format=csv&language=zh`, viewer);
    expect([file.statusCode, file.body, file.headers['content-type']]).toEqual([200, 'csv zh', 'text/csv; charset=utf-8']);
    const disposition = String(file.headers['content-disposition']);
    expect(disposition).toContain(`filename*=UTF-8''${encodeURIComponent('可用率报告-全国-2025.csv')}`);
    expect(disposition).toMatch(/^attachment; filename="[\x20-\x21\x23-\x7e]+"; /);
    expect((await get(`/api/v1/reports/${id}/file?format=pdf`)).headers['content-disposition']).toContain('filename="a_b.pdf"');
    expect((await get(`/api/v1/reports/${id}/file?format=csv`)).statusCode).toBe(400);
    expect((await get(`/api/v1/reports/${id}/file?format=docx`)).statusCode).toBe(404);
    expect((await get(`/api/v1/reports/${id}/file?format=csv&language=zh`, province)).statusCode).toBe(404);
    const report = Report.parse((await get(`/api/v1/reports/${id}`)).json());
    expect(report).toMatchObject({ state: 'done', progress: 100, summary: { zh: '摘要' } });
    expect(report.files.find(({ format }) => format === 'pdf')).toMatchObject({ size: 6, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('is handed out whole however large it is, and however slowly it is fetched', { timeout: 60_000 }, async () => {
    const { database } = harness;
    const { id } = await made({ period: '2025', formats: ['pdf'] });
    await claimReport(database, { id, attempt: 0, by: 'test', now: NOW, lapsesAt: NOW + 60_000 });
    const part = Buffer.alloc(1_000_003, 7);
    const parts = 12;
    const bytes = async function* () {
      for (let at = 0; at < parts; at++) yield part;
    };
    const { id: artifact } = await writeArtifact(database, { kind: 'report', name: 'a.pdf', mediaType: 'application/pdf' }, bytes());
    const files = [{ format: 'pdf', language: 'zh', artifact }];
    await endAttempt(database, { id, by: 'test', state: 'done', error: null, summary: { zh: '', en: '' }, files, now: NOW });
    const base = await app.listen({ host: '127.0.0.1', port: 0 });
    const answer = await fetch(`${base}/api/v1/reports/${id}/file?format=pdf`, { headers: bearer() });
    expect(answer.headers.get('content-length')).toBe(String(part.length * parts));
    let size = 0;
    for await (const chunk of answer.body ?? []) {
      size += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(size).toBe(part.length * parts);
  });

  it('is cancelled while it is not made, and not any more then', async () => {
    const { id } = await made({ period: '2025' });
    expect((await remove(id, viewer)).statusCode).toBe(403);
    expect((await remove(id, province)).statusCode).toBe(404);
    expect(Report.parse((await remove(id)).json()).state).toBe('cancelled');
    const again = await remove(id);
    expect([again.statusCode, (again.json() as { code: string }).code]).toEqual([409, 'already-ended']);
    expect((await get(`/api/v1/reports/${id}/file?format=csv`)).statusCode).toBe(409);
  });
});
