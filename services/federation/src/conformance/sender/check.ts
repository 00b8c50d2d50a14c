/** Plays a centre for a sender under test, and runs the published cases. */
import type { Clock, ListenAddress } from '@beacontower/runtime';
import { type Case, type CaseResult, must, tryCases } from '../case.ts';
import { type ConformanceReport, makeReport } from '../report.ts';
import { TROUBLE_CASES } from './cases.ts';
import { PlayedCentre } from './played-centre.ts';
import type { WatchedRule } from './record.ts';
import { SPOKEN_CASES } from './spoken.ts';
import type { SenderContext } from './stage.ts';

export interface SenderCheck {
  readonly listen: ListenAddress;
  readonly names: readonly string[];
  readonly node: string;
  readonly division: string;
  readonly clock: Clock;
  readonly limitMs?: number;
  readonly patienceMs?: number;
  /** Told where the centre listens, and what the sender joins with. */
  onListening(at: { readonly url: string; readonly invitation: string; readonly centre: PlayedCentre }): void;
  onCode?(code: string): void;
  readonly onResult?: (result: CaseResult) => void;
}

const WATCHED: readonly (readonly [WatchedRule, number, string, string])[] = [
  ['chain', 7, 'every line is valid, and follows the one before it by its hash', '每行有效，并以哈希接续前一行'],
  ['same-bytes', 7, 'a line that is sent again has the same bytes', '重发的行字节不变'],
  ['opening', 8, 'the first line is its incarnation, and no other', '首行且仅首行为世代声明'],
  ['introduced', 8, 'an object is told before what happened to it', '先报对象，再报其变化'],
  ['scope', 9, 'it speaks of its own division and objects alone', '只涉及自身区划与对象'],
  ['one-at-a-time', 2, 'one batch is under way at a time', '同一时刻只有一个批次在途'],
  ['snapshot', 11, 'every snapshot says how far the sender is observed', '每份快照说明自身观测到何时'],
  ['watermark', 11, 'what is observed never goes back', '观测水位不回退'],
];

/** Tries every case against whoever joins with the invitation. */
export async function checkSender(check: SenderCheck): Promise<ConformanceReport> {
  const { clock, onResult, listen, names, node, division, onListening, onCode } = check;
  const begun = clock.now();
  const now = () => clock.now();
  const centre = new PlayedCentre({ listen, names, node, division, now, ...(onCode === undefined ? {} : { onRequest: onCode }) });
  await centre.start();
  try {
    onListening({ url: centre.url, invitation: centre.invitation(), centre });
    const context: SenderContext = { centre, limitMs: check.limitMs ?? 150_000, patienceMs: check.patienceMs ?? 10_000 };
    const results: CaseResult[] = [];
    for (const cases of [SPOKEN_CASES, TROUBLE_CASES, watchedCases()]) {
      results.push(...(await tryCases(cases.map(undisturbed), context, clock, onResult)));
      // Of whom nothing was heard, nothing can be said.
      if (centre.hellos.length === 0) break;
    }
    const software = centre.hellos.at(-1)?.software;
    const subject = { node, software: software === undefined ? '' : `${software.name} ${software.version}` };
    return makeReport({ role: 'sender', subject, begun, ended: clock.now() }, results);
  } finally {
    await centre.stop();
  }
}

/** Whatever was played in the case before is over. */
function undisturbed(each: Case<SenderContext>): Case<SenderContext> {
  return {
    ...each,
    run(context) {
      context.centre.behave();
      return each.run(context);
    },
  };
}

function watchedCases(): Case<SenderContext>[] {
  return WATCHED.map(([rule, chapter, en, zh]) => ({
    id: `watched.${rule}`,
    chapter,
    rule: { en: `all the while: ${en}`, zh: `全程：${zh}` },
    async run({ centre }) {
      const fault = centre.record.faults.get(rule);
      must(fault === undefined, fault ?? '');
      return `${centre.heard.length} messages`;
    },
  }));
}
