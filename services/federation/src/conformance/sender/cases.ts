/** The published cases for a sender when the centre is in trouble. */

import { Refusal } from '../../protocol/refusal.ts';
import { type Case, must, NotTried } from '../case.ts';
import { type Heard, type PlayedCentre, RETRY_AFTER_S } from './played-centre.ts';
import { calls, caughtUp, provoke, type SenderContext, until } from './stage.ts';

const LOG = 'POST /log';

export const TROUBLE_CASES: readonly Case<SenderContext>[] = [
  {
    id: 'sender.resume-lower',
    chapter: 6,
    rule: { en: 'it goes on from a place before what was acknowledged, with the same bytes', zh: '可自早于已确认的位置续传，字节不变' },
    async run(context) {
      const { record } = context.centre;
      const { sequence, hash } = record.end;
      await provoke(context);
      await until(context, () => record.end.sequence >= sequence, `line ${sequence} again`);
      must(record.hashes[sequence] === hash, `line ${sequence} is another than before`);
      return `line 1 to ${sequence} again`;
    },
  },
  trouble(
    'sender.answer-lost',
    7,
    { en: 'a batch whose answer was lost is sent again, or found applied', zh: '应答丢失的批次被重发，或查明已应用' },
    'lose-answer',
  ),
  trouble('sender.cut', 7, { en: 'a batch whose connection was cut is sent again', zh: '连接中断的批次被重发' }, 'cut'),
  {
    id: 'sender.busy',
    chapter: 4,
    rule: { en: `told to come again after ${RETRY_AFTER_S} s, it waits so long`, zh: `被告知 ${RETRY_AFTER_S} 秒后再来，至少等待该时长` },
    async run(context) {
      const [refused, next] = await refusedOnce(context, new Refusal('busy', 'the test is busy'));
      const waited = next.at - refused.at;
      must(waited >= RETRY_AFTER_S * 1_000 - 50, `came again after ${waited} ms`);
      return `came again after ${waited} ms`;
    },
  },
  {
    id: 'sender.back-off',
    chapter: 4,
    rule: { en: 'while the centre cannot store, its attempts become fewer', zh: '中心不可用期间，重试逐渐变疏' },
    async run(context) {
      const { centre } = context;
      await provoke(context);
      const begun = centre.options.now();
      centre.intercept = ({ call }) => (call === LOG ? new Refusal('unavailable', 'the test cannot store') : null);
      await until(context, () => calls(centre, LOG, begun).length > 0, 'a batch');
      await pause(context.patienceMs);
      centre.intercept = () => null;
      const attempts = calls(centre, LOG, begun).length;
      must(attempts <= context.patienceMs / 1_500 + 2, `${attempts} attempts in ${context.patienceMs} ms`);
      await caughtUp(context);
      return `${attempts} attempts in ${context.patienceMs} ms, then went on`;
    },
  },
  {
    id: 'sender.hello-needed',
    chapter: 6,
    rule: { en: 'asked for a hello, it says one before the next lines', zh: '被要求 hello 后，先 hello 再发日志行' },
    async run(context) {
      const [refused, next] = await refusedOnce(context, new Refusal('hello-needed', 'the test forgot'));
      const between = context.centre.heard.filter(({ call, at }) => call === 'POST /hello' && at >= refused.at && at <= next.at);
      must(between.length > 0, 'it sent lines again without a hello');
      return 'said hello first';
    },
  },
  {
    id: 'sender.limits',
    chapter: 6,
    rule: { en: 'it keeps to a lower limit of lines, and waits as long as it is asked to', zh: '遵守更低的行数上限，并按要求等待' },
    async run(context) {
      const { centre } = context;
      Object.assign(centre.manners, { lines: 2, waitMs: 400, delayMs: 200 });
      await provoke(context, 6);
      const begun = centre.options.now();
      await caughtUp(context);
      Object.assign(centre.manners, { lines: 5_000, waitMs: 0, delayMs: 0 });
      const fault = centre.record.faults.get('limits');
      must(fault === undefined, fault ?? '');
      const sent = calls(centre, LOG, begun).filter(({ status }) => status === 200);
      const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
      must(
        gaps.every((gap) => gap >= 400),
        `the next batch came after ${Math.min(...gaps)} ms`,
      );
      return `${sent.length} batches, ${Math.min(...gaps)} ms apart at least`;
    },
  },
  {
    id: 'sender.snapshot-stale',
    chapter: 11,
    rule: {
      en: 'a snapshot that is refused as stale or without its base is followed by one that tells all',
      zh: '快照因过期或缺基准被拒后，随后发送完整快照',
    },
    async run(context) {
      const { centre } = context;
      let refusals = 0;
      let before = 0;
      centre.intercept = ({ call }) => {
        if (call !== 'PUT /snapshot' || refusals > 0) return null;
        refusals += 1;
        // The next may follow at once.
        before = centre.record.snapshots.length;
        return new Refusal('snapshot-base-unknown', 'the test forgot');
      };
      await until(context, () => refusals > 0, 'a snapshot');
      await until(context, () => centre.record.snapshots.length > before, 'another snapshot');
      must(centre.record.snapshots[before]?.base === null, 'it tells changes since one that is not there');
      return 'all states';
    },
  },
  {
    id: 'sender.impostor',
    chapter: 2,
    rule: { en: 'a centre with a certificate of another authority gets no message', zh: '出示其他机构证书的中心收不到任何消息' },
    async run(context) {
      const { centre } = context;
      await centre.pretend(true);
      const before = centre.heard.length;
      await pause(context.patienceMs);
      const after = centre.heard.length;
      await centre.pretend(false);
      must(after === before, `it sent ${after - before} messages`);
      const spoke = centre.heard.length;
      await until(context, () => centre.heard.length > spoke, 'it again');
      return 'nothing was sent; it came back afterwards';
    },
  },
  {
    id: 'sender.digests',
    chapter: 13,
    rule: {
      en: 'asked to compare histories, it asks for digests (capability digests); without the capability it goes on as before',
      zh: '被要求比对历史时，请求摘要（能力 digests）；无此能力者照常汇报',
    },
    async run(context) {
      const { centre } = context;
      const begun = centre.options.now();
      centre.manners.digestsWanted = true;
      if (!isCapable(context, 'digests')) return goesOn(context, 'digests');
      await until(context, () => calls(centre, 'POST /digests', begun).length > 0, 'a comparison');
      return calls(centre, 'POST /digests', begun)[0]?.body.slice(0, 100) ?? '';
    },
  },
  {
    id: 'sender.downward',
    chapter: 14,
    rule: {
      en: 'an item from above is fetched, and answered by a receipt (capability distribution); without the capability it is left, or refused as unsupported',
      zh: '取得下行项并回执（能力 distribution）；无此能力者可不取，或以 unsupported 拒绝',
    },
    async run(context) {
      const { centre } = context;
      const begun = centre.options.now();
      centre.manners.items = [{ number: 1, at: begun, kind: 'calendar', payload: { id: 'conformance', body: null } }];
      if (!isCapable(context, 'distribution')) return leavesItem(context, begun);
      await until(context, () => calls(centre, 'POST /receipts', begun).length > 0, 'a receipt');
      const [receipt] = calls(centre, 'POST /receipts', begun);
      must(receipt?.status === 204, `its receipt was refused (${receipt?.status})`);
      return receipt.body.slice(0, 100);
    },
  },
  {
    id: 'sender.restored',
    chapter: 12,
    rule: {
      en: 'where histories differ it begins a new incarnation, from a common place or none',
      zh: '历史不一致时开启新世代，自共同位置或从头开始',
    },
    run: restored,
  },
  {
    id: 'sender.version',
    chapter: 4,
    rule: { en: 'refused for good, it does not hammer', zh: '被终局拒绝后，不频繁重试' },
    async run(context) {
      const { centre } = context;
      centre.intercept = ({ call }) =>
        call === 'POST /hello' ? new Refusal('version-unsupported', 'the test is of the future', { supported: [2] }) : null;
      centre.record.incarnation = null;
      const begun = centre.options.now();
      // The first may come late, of one that is just leaving a pause; what counts is how many follow it.
      await until(context, () => calls(centre, 'POST /hello', begun).length > 0, 'a hello');
      await pause(context.patienceMs);
      const attempts = calls(centre, 'POST /hello', begun).length;
      centre.intercept = () => null;
      must(attempts <= 4, `${attempts} hellos in ${context.patienceMs} ms`);
      return `${attempts} hellos in ${context.patienceMs} ms`;
    },
  },
];

function isCapable({ centre }: SenderContext, capability: string): boolean {
  return centre.hellos.at(-1)?.capabilities.includes(capability) === true;
}

/** Of a sender that cannot do what it is asked: it reports as before. */
async function goesOn(context: SenderContext, capability: string): Promise<string> {
  const { record } = context.centre;
  const before = record.snapshots.length;
  await until(context, () => record.snapshots.length >= before + 3, 'three more snapshots');
  await caughtUp(context);
  return `its hello does not name ${capability}: it goes on as before`;
}

async function leavesItem(context: SenderContext, begun: number): Promise<string> {
  const went = await goesOn(context, 'distribution');
  for (const { body } of calls(context.centre, 'POST /receipts', begun))
    must(body.includes('"unsupported"'), `its receipt says another thing: ${body.slice(0, 100)}`);
  return went;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One batch meets trouble; afterwards the log comes to its end as it was. */
function trouble(id: string, chapter: number, rule: Case<never>['rule'], what: 'cut' | 'lose-answer'): Case<SenderContext> {
  return {
    id,
    chapter,
    rule,
    async run(context) {
      const { centre } = context;
      await provoke(context);
      let met = 0;
      centre.intercept = ({ call }) => {
        if (call !== LOG || met > 0) return null;
        met += 1;
        return what;
      };
      await until(context, () => met > 0, 'a batch');
      await caughtUp(context);
      return `line ${centre.record.end.sequence} is there`;
    },
  };
}

/** Refuses one batch; resolves to it and to the next one, once the log has come to its end. */
async function refusedOnce(context: SenderContext, refusal: Refusal): Promise<readonly [Heard, Heard]> {
  const { centre } = context;
  await provoke(context);
  const begun = centre.options.now();
  let met = 0;
  centre.intercept = ({ call }) => {
    if (call !== LOG || met > 0) return null;
    met += 1;
    return refusal;
  };
  await until(context, () => calls(centre, LOG, begun).length > 1, 'another batch');
  await caughtUp(context);
  const sent = calls(centre, LOG, begun);
  const place = sent.findIndex(({ status }) => status === refusal.status);
  const [refused, next] = [sent[place], sent[place + 1]];
  must(refused !== undefined && next !== undefined, 'it sent no batch again');
  return [refused, next];
}

async function restored(context: SenderContext): Promise<string> {
  const { record, manners } = context.centre;
  await caughtUp(context);
  const { incarnation } = record;
  if (record.end.sequence < 1) throw new NotTried('it has no line');
  const marks = [...record.marks];
  manners.differing = incarnation;
  forget(context.centre);
  await until(context, () => record.incarnation !== null && record.incarnation !== incarnation, 'a new incarnation');
  await caughtUp(context);
  const opening = record.opening.at(-1);
  must(opening?.kind === 'incarnation' && opening.payload.incarnation === record.incarnation, 'its first line names another');
  const { previous } = opening.payload;
  const isKnown = previous === null || marks.some(({ sequence, hash }) => sequence === previous.sequence && hash === previous.hash);
  must(isKnown, 'it goes on from a place that was not among the marks');
  return previous === null ? 'a new log from the beginning' : `goes on from line ${previous.sequence}`;
}

/** Has the sender say hello again. */
function forget(centre: PlayedCentre): void {
  let asked = 0;
  centre.intercept = ({ call }) => {
    if (call === 'POST /hello' || asked > 1) return null;
    if (call === LOG || call === 'PUT /snapshot') asked += 1;
    return call === LOG || call === 'PUT /snapshot' ? new Refusal('hello-needed', 'the test forgot') : null;
  };
}
