/** Chapters 4 and 7: what is wrong with a batch refuses all of it, by its code, with the place to go on from. */
import type { FederationCode } from '@beacontower/contracts';
import { LOG_LIMITS } from '@beacontower/contracts';
import { chainOn } from '../../protocol/chain.ts';
import { type BothWords, type Case, must } from '../case.ts';
import { type Answered, refused } from '../wire.ts';
import { mustResumeAt } from './log.ts';
import type { Probe, ReceiverContext } from './probe.ts';
import { introduction, transition } from './samples.ts';

const good = (probe: Probe, local: string) => introduction(probe, probe.object(local));
const TEN_MINUTES = 600_000;

export const REFUSAL_CASES: readonly Case<ReceiverContext>[] = [
  bad('log.gap', 'sequence-gap', { en: 'a line is left out before the batch', zh: '批次之前缺行' }, ({ probe }) =>
    probe.sendLines(probe.next(good(probe, 'gap-1'), good(probe, 'gap-2')).slice(1)),
  ),
  bad('log.known', 'sequence-known', { en: 'all lines come before the place that is applied', zh: '全部行均早于已应用位置' }, ({ probe }) =>
    probe.sendLines(probe.lines.slice(0, 2)),
  ),
  bad(
    'log.fork',
    'history-differs',
    { en: 'the first new line follows another than the one applied', zh: '首个新行接在另一历史之后' },
    ({ probe }) => probe.sendLines(chainOn({ sequence: probe.end.sequence, hash: 'f'.repeat(64) }, [good(probe, 'fork')])),
  ),
  bad(
    'log.replaced',
    'history-differs',
    { en: 'another line at the place that is applied', zh: '已应用位置上的行内容不同' },
    ({ probe }) => {
      const before = probe.lines.at(-2);
      if (before === undefined) throw new TypeError('nothing was told before');
      return probe.sendLines(chainOn(before, [good(probe, 'replaced'), good(probe, 'replaced-2')]));
    },
  ),
  bad('log.reordered', 'chain-broken', { en: 'two lines changed places', zh: '两行次序颠倒' }, ({ probe }) => {
    const [one, two, three] = probe.next(good(probe, 'order-1'), good(probe, 'order-2'), good(probe, 'order-3'));
    return probe.sendLines([one, three, two].flatMap((line) => line ?? []));
  }),
  bad('log.skipped', 'chain-broken', { en: 'a line is left out within the batch', zh: '批次中缺行' }, ({ probe }) => {
    const [one, , three] = probe.next(good(probe, 'skip-1'), good(probe, 'skip-2'), good(probe, 'skip-3'));
    return probe.sendLines([one, three].flatMap((line) => line ?? []));
  }),
  bad('log.forged', 'chain-broken', { en: 'a line was changed after it was chained', zh: '日志行入链后被篡改' }, ({ probe }) => {
    const [one, two] = probe.next(good(probe, 'forged-1'), good(probe, 'forged-2'));
    return probe.sendLines([one?.line.replaceAll('forged-1', 'forged-9') ?? '', two?.line ?? '']);
  }),
  bad('log.garbage', 'envelope-invalid', { en: 'a line is no JSON', zh: '日志行不是 JSON' }, ({ probe }) => probe.sendLines(['garbage'])),
  changed('log.future-kind', 'envelope-invalid', { en: 'a kind of a version to come', zh: '未来版本的类别' }, (line) => ({
    ...line,
    kind: 'hologram',
  })),
  changed('log.unknown-member', 'envelope-invalid', { en: 'a member that is not in the schema', zh: '结构之外的成员' }, (line) => ({
    ...line,
    more: true,
  })),
  changed('log.edge-unordered', 'envelope-invalid', { en: 'an edge outside of its bounds', zh: '边界时刻超出其上下界' }, (line) => ({
    ...line,
    kind: 'outage',
    payload: { object: 'x:y', began: { at: 5, earliest: 6, latest: 7 }, ended: null, resolutionMs: 0 },
  })),
  bad('log.nothing', 'message-invalid', { en: 'a batch without a line', zh: '空批次' }, ({ probe }) => probe.sendText('')),
  bad(
    'log.long-line',
    'message-too-large',
    { en: `a line of more than ${LOG_LIMITS.lineBytes} bytes`, zh: `单行超过 ${LOG_LIMITS.lineBytes} 字节` },
    ({ probe }) => probe.sendLines([`"${'x'.repeat(LOG_LIMITS.lineBytes)}"`]),
  ),
  bad(
    'log.many-lines',
    'message-too-large',
    { en: `more than ${LOG_LIMITS.lines} lines`, zh: `超过 ${LOG_LIMITS.lines} 行` },
    ({ probe }) => probe.sendLines(probe.next(...Array.from({ length: LOG_LIMITS.lines + 1 }, () => good(probe, 'many-lines')))),
  ),
  bad('log.future-event', 'event-in-future', { en: 'an event of a time to come', zh: '事件时间在未来' }, ({ probe, now }) => {
    const at = now() + TEN_MINUTES;
    return probe.sendLines(probe.next(good(probe, 'future'), transition(probe, probe.object('future'), 'unknown', 'up', at)));
  }),
  bad('log.unknown-object', 'object-unknown', { en: 'an object that no line introduced', zh: '对象未经任何行引入' }, ({ probe }) =>
    probe.sendLines(probe.next(transition(probe, probe.object('never-told'), 'unknown', 'up', probe.day(48)))),
  ),
  bad('log.second-opening', 'envelope-invalid', { en: 'an incarnation in the middle of a log', zh: '日志中途出现世代声明' }, ({ probe }) =>
    probe.sendLines(probe.next(probe.opening())),
  ),
  {
    id: 'log.nothing-in-part',
    chapter: 7,
    rule: { en: 'of a refused batch nothing is applied: not its good lines either', zh: '被拒批次不应用任何内容，包括其中有效的行' },
    async run({ probe }) {
      const fresh = probe.object('not-in-part');
      const lines = probe.next(introduction(probe, fresh), transition(probe, probe.object('never-told'), 'unknown', 'up', probe.day(48)));
      refused(await probe.sendLines(lines), 'object-unknown');
      await mustResumeAt(probe, probe.place);
      // Had the good line been applied, this object would be known now.
      refused(await probe.sendLines(probe.next(transition(probe, fresh, 'unknown', 'up', probe.day(48)))), 'object-unknown');
      return 'nothing was applied';
    },
  },
];

/** A batch that is refused, with the place to go on from; afterwards the log goes on as if nothing had been sent. */
function bad(
  id: string,
  code: FederationCode,
  what: BothWords,
  send: (context: ReceiverContext) => Promise<Answered>,
): Case<ReceiverContext> {
  const rule = { en: `${what.en}: refused, with the place to go on from`, zh: `${what.zh}：拒绝，并告知续传位置` };
  return {
    id,
    chapter: 7,
    rule,
    async run(context) {
      const { status, code: seen, resume } = refused(await send(context), code);
      const { sequence } = context.probe.end;
      const isOfPlace = code.startsWith('sequence-') || code === 'history-differs';
      must(
        resume?.sequence === sequence || (resume === undefined && !isOfPlace),
        `to go on from ${resume?.sequence} instead of ${sequence}`,
      );
      return `${status} ${seen}`;
    },
  };
}

/** A line that is good but for one thing. */
function changed(
  id: string,
  code: FederationCode,
  what: BothWords,
  change: (line: Readonly<Record<string, unknown>>) => object,
): Case<ReceiverContext> {
  return bad(id, code, what, ({ probe }) => {
    const [line] = probe.next(good(probe, 'changed'));
    return probe.sendLines([JSON.stringify(change(JSON.parse(line?.line ?? '{}')))]);
  });
}
