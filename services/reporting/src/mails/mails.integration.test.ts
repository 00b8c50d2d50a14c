import { ContactBody, type EntityBody } from '@beacontower/contracts';
import { type SmtpReceiver, startSmtpReceiver, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  NOW,
  objectBody,
  objectiveBody,
  putEntity,
  putPast,
  putWatermark,
  type ReportingHarness,
  startReportingHarness,
} from '../reporting.fixture.ts';

let harness: ReportingHarness;
let relay: SmtpReceiver;
const running: { stop(): Promise<void> }[] = [];
const DAY = 86_400_000;

function channelBody(id: string, inDoubt: 'resend' | 'leave'): EntityBody<'channel'> {
  return {
    id,
    kind: 'email',
    host: '127.0.0.1',
    port: relay.port,
    tls: 'starttls',
    ca: { file: relay.caFile },
    user: null,
    password: null,
    from: '烽台 <beacon@example.test>',
    timeoutMs: 10_000,
    maxAttempts: 3,
    inDoubt,
    limit: null,
    template: null,
  };
}

beforeAll(async () => {
  [harness, relay] = await Promise.all([startReportingHarness(), startSmtpReceiver()]);
  const { database } = harness;
  await putEntity(database, 'node', { id: 'centre', name: '国家节点', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  await putEntity(database, 'object', objectBody('centre:a', 'cn.gd'));
  await putEntity(database, 'objective', objectiveBody('backbone'));
  await putEntity(database, 'channel', channelBody('mail', 'resend'));
  await putEntity(database, 'channel', channelBody('careful', 'leave'));
  await putEntity(
    database,
    'contact',
    ContactBody.parse({ id: 'duty', name: '值班', language: 'zh', targets: [{ channel: 'mail', address: 'duty@example.test' }] }),
  );
  await putEntity(
    database,
    'contact',
    ContactBody.parse({ id: 'head', name: '领导', language: 'zh', targets: [{ channel: 'careful', address: 'head@example.test' }] }),
  );
  await putPast(database, 'centre:a', []);
  await putWatermark(database, NOW);
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
  await harness.database.query('UPDATE inventory SET superseded_at = $1 WHERE entity = $2 AND superseded_at IS NULL', [
    NOW,
    'report-schedule',
  ]);
  relay.clear();
  relay.otherwise('accept');
});
afterAll(async () => {
  await harness?.close();
  await relay?.stop();
});

const schedule = (id: string, more: Partial<EntityBody<'report-schedule'>> = {}) =>
  putEntity(harness.database, 'report-schedule', {
    id,
    name: '半年可用率报告',
    kind: 'availability',
    period: 'half-year',
    division: 'cn',
    language: 'zh',
    formats: ['csv', 'xlsx'],
    timeZone: 'Asia/Shanghai',
    afterMs: 6 * DAY,
    contacts: ['duty'],
    ...more,
  });
const start = async (config = {}) => running.push(await harness.start(config));
const mailsOf = async (id: string) =>
  (
    await harness.database.query<{ id: string; state: string; attempt: number; last_error: string | null; address: string }>(
      'SELECT m.* FROM report_mails m JOIN reports r ON r.id = m.report WHERE r.schedule = $1 ORDER BY m.address',
      [id],
    )
  ).rows;
const settled = (id: string, states: string[]) =>
  waitFor(
    async () => {
      const mails = await mailsOf(id);
      harness.clock.advance(1_000);
      return mails.length === states.length && mails.every((mail, index) => mail.state === states[index]) ? mails : undefined;
    },
    { what: `mails that are ${states.join()}`, timeoutMs: 30_000 },
  );

describe('a scheduled report', () => {
  it('is made once for the period that ended, and mailed with its files and its summary', async () => {
    await schedule('once');
    await start();
    await start({ instance: 'other/report' });
    const [mail] = await settled('once', ['delivered']);
    const { mail: received, secure } = await relay.waitFor(() => true);
    expect(secure).toBe(true);
    expect(received.messageId).toBe(`<${mail?.id}@example.test>`);
    expect(received.subject).toBe('半年可用率报告：2018年上半年');
    expect(received.text).toContain('2018年上半年,中央广域骨干网平均可用率为100.00%');
    expect(received.attachments.map(({ filename }) => filename?.split('.').at(-1)).sort()).toEqual(['csv', 'xlsx']);
    expect(received.attachments.map(({ filename }) => filename).join()).toContain('可用率报告');
    const reports = await harness.database.query("SELECT schedule_period FROM reports WHERE schedule = 'once'");
    expect(reports.rows).toEqual([{ schedule_period: '2018-H1' }]);
    expect(relay.received.length).toBe(1);
  });

  it('waits for its figures to be closed, at most a stated time', async () => {
    const { database } = harness;
    await database.query("UPDATE inventory SET body = body || '{\"closeAfterMs\": 1000}' WHERE entity = 'objective'");
    await schedule('patient', { contacts: [] });
    const reports = () => database.query("SELECT 1 FROM reports WHERE schedule = 'patient'");
    const passes = async () =>
      (await database.query<{ n: number }>("SELECT count(*) AS n FROM leases WHERE name = 'report-schedules'")).rows[0]?.n;
    await start({ closingPatienceMs: 30 * DAY });
    await waitFor(async () => (await passes()) === 1);
    // A schedule that needs no closing shows that the loop has been here.
    await schedule('quick', { period: 'month', contacts: [] });
    await waitFor(async () => (await database.query("SELECT 1 FROM reports WHERE schedule = 'quick'")).rowCount === 1);
    expect((await reports()).rowCount).toBe(0);
    await running.pop()?.stop();
    await start({ closingPatienceMs: 0 });
    await waitFor(async () => (await reports()).rowCount === 1);
    await database.query("UPDATE inventory SET body = body || '{\"closeAfterMs\": null}' WHERE entity = 'objective'");
  });

  it('is tried again after a 4xx with the same Message-ID, and is dead after a 5xx', async () => {
    relay.script({ stage: 'rcpt', code: 451, message: 'try later' }, 'accept', { stage: 'rcpt', code: 550, message: 'no such user' });
    await schedule('again');
    await start();
    const [first] = await settled('again', ['delivered']);
    expect(first).toMatchObject({ attempt: 2 });
    await running.pop()?.stop();
    await schedule('dead');
    await start();
    const [dead] = await settled('dead', ['dead']);
    expect(dead).toMatchObject({ attempt: 1, last_error: expect.stringContaining('no such user') });
  });

  it('in doubt after the last dot is sent again or left, as the channel says', async () => {
    relay.script('drop-after-dot', 'drop-after-dot');
    await schedule('doubt', { contacts: ['duty', 'head'] });
    await start();
    const mails = await settled('doubt', ['delivered', 'uncertain']);
    const ids = relay.received.filter(({ to }) => to.includes('duty@example.test')).map(({ mail }) => mail.messageId);
    expect(new Set(ids)).toEqual(new Set([`<${mails[0]?.id}@example.test>`]));
    expect(ids.length).toBe(2);
  });

  it('too large for the relay goes without its files, and says where they are', async () => {
    relay.script({ stage: 'data', code: 552, message: '5.3.4 message size exceeds fixed limit' });
    await schedule('large');
    await start();
    const [mail] = await settled('large', ['delivered']);
    expect(mail?.attempt).toBe(1);
    const { mail: received } = await relay.waitFor(() => true);
    expect(received.attachments).toEqual([]);
    expect(received.text).toContain('文件过大');
    expect(received.text).toMatch(/GET \/api\/v1\/reports\/.*\/file\?format=xlsx&language=zh/);
  });

  it('whose files are more than a mail may hold leaves the larger ones out', async () => {
    await schedule('bounded', { language: 'en' });
    await start({ mostAttachedBytes: 9_000 });
    await settled('bounded', ['delivered']);
    const { mail: received } = await relay.waitFor(() => true);
    expect(received.subject).toBe('半年可用率报告: the first half of 2018');
    expect(received.attachments.length).toBeLessThan(2);
    expect(received.text).toContain('too large for mail');
  });

  it('is not sent again where its result could not be recorded', async () => {
    const { database } = harness;
    await database.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'PostgreSQL is away'; END $$;
      CREATE TRIGGER away BEFORE UPDATE ON report_mails FOR EACH ROW WHEN (NEW.state = 'delivered') EXECUTE FUNCTION refuse()`);
    await schedule('unrecorded');
    await start();
    await relay.waitFor(() => true);
    await database.query('DROP TRIGGER away ON report_mails; DROP FUNCTION refuse()');
    const [mail] = await settled('unrecorded', ['delivered']);
    expect(mail?.attempt).toBe(1);
    expect(relay.received.length).toBe(1);
  });

  it('that could not be gathered was surely not sent, and is tried again', async () => {
    const { database } = harness;
    await schedule('ungathered', { contacts: ['head'] });
    await start({ mailMs: 3_600_000 });
    await settled('ungathered', ['pending']);
    await running.pop()?.stop();
    const attempts = (most: number) =>
      database.query("UPDATE inventory SET body = jsonb_set(body, '{maxAttempts}', to_jsonb($1::int)) WHERE entity = 'channel'", [most]);
    await attempts(1000);
    await database.query('ALTER TABLE report_files RENAME TO away');
    await start();
    const tried = await waitFor(async () => (await mailsOf('ungathered')).find(({ attempt, state }) => attempt > 0 && state !== 'sending'));
    await database.query('ALTER TABLE away RENAME TO report_files');
    expect(tried).toMatchObject({ state: 'retrying', last_error: expect.stringContaining('report_files') });
    await settled('ungathered', ['delivered']);
    expect(relay.received.length).toBe(1);
    await attempts(3);
  });

  it('comes though another schedule cannot be followed', async () => {
    await schedule('a-broken', { timeZone: 'Mars/Base' });
    await schedule('b-sound');
    await start();
    await settled('b-sound', ['delivered']);
  });

  it('of a process that died while sending is in doubt, and goes on as the channel says', async () => {
    await schedule('died', { contacts: ['duty', 'head'] });
    await start();
    await settled('died', ['delivered', 'delivered']);
    await running.pop()?.stop();
    await harness.database.query(
      "UPDATE report_mails m SET state = 'sending', claimed_by = 'test/report#earlier', due_at = $1, finished_at = NULL FROM reports r WHERE r.id = m.report AND r.schedule = 'died'",
      [NOW * 2],
    );
    await start();
    const mails = await settled('died', ['delivered', 'uncertain']);
    expect(mails.map(({ attempt }) => attempt)).toEqual([2, 1]);
  });
});
