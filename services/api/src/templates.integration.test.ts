import { Problem, TemplatePreview } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, type Harness, insertEntity, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  await insertEntity(database, 'template', {
    id: 'terse',
    zh: { title: '{{ incident.number }} 号', text: null, markdown: null },
    en: null,
  });
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
});
afterAll(() => harness?.close());

const post = (payload: object) => app.inject({ method: 'POST', url: '/api/v1/templates/preview', headers: bearer(), payload });
const preview = async (payload: object) => TemplatePreview.parse((await post(payload)).json());

describe('POST /api/v1/templates/preview', () => {
  it('shows the built-in words of any step, in the language and zone of the node unless told otherwise', async () => {
    const zh = await preview({});
    expect(zh.mail.subject).toBe('[告警 · 紧急] 电路 广州-深圳 100G 中断 #42');
    expect(zh.mail.text).toContain('2026-11-22 10:40:05 (UTC+8)');
    expect(zh.robots.wecom.markdown).toContain('报障电话');
    const en = await preview({ language: 'en', timeZone: 'UTC', kind: 'condition', step: 'respond-late' });
    expect(en.mail.subject).toBe('[Answer overdue · major] Circuit Guangzhou-Shenzhen 100G: utilisation too high #42');
  });

  it('shows words of one’s own, those of a configured template, and several incidents in one message', async () => {
    const own = await preview({ template: { markdown: '**{{ total }}** {{ title }}' }, incidents: 80 });
    expect(own.robots.dingtalk.markdown).toMatch(/^\*\*80\*\* 80 个事件/);
    expect(own.mail.text).toContain('另有 30 个');
    expect((await preview({ id: 'terse' })).mail.subject).toBe('42 号');
  });

  it('shows the request of a gateway, and no secret', async () => {
    const { gateway } = await preview({ gateway: { body: '{"key":"{{ secrets.key }}","text":"{{ text }}"}', longest: 60 } });
    expect(JSON.parse(gateway?.body ?? '')).toEqual({ key: '***', text: expect.stringMatching(/^.{59}…$/u) as string });
  });

  it.each([
    [{ template: { text: 'a\n{{ incident.titel }}' } }, 'template.text', /^line 2, column 4 of the template: undefined variable/],
    [{ gateway: { headers: { 'X-A': '{{ nothing }}' } } }, 'gateway.headers.X-A', /undefined variable: nothing/],
    [{ id: 'nowhere' }, 'id', /there is no template nowhere/],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone', /there is no time zone/],
  ])('answers %j with what is wrong, and where', async (payload, path, message) => {
    const answer = await post(payload);
    expect(answer.statusCode).toBe(400);
    const problem = Problem.parse(answer.json());
    expect(problem.errors?.[0]).toMatchObject({ in: 'body', path, message: expect.stringMatching(message) as string });
  });

  it('tries the templates of one request for a bounded time, however many there are', async () => {
    const slow = '{% for i in (1..20000) %}{% assign x = i | times: 7 %}{% endfor %}';
    const headers = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`X-${i}`, slow]));
    const answer = await post({ gateway: { query: slow, body: slow, headers } });
    expect(answer.statusCode).toBe(400);
    expect(Problem.parse(answer.json()).errors?.[0]?.message).toMatch(/takes too long|limit exceeded/);
    const more = await post({ gateway: { headers: { ...headers, More: 'x' } } });
    expect(Problem.parse(more.json()).errors?.[0]).toMatchObject({ path: 'gateway.headers', message: 'at most 50 headers' });
  });
});
