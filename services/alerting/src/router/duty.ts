/** Hand-over of duty: whoever comes on duty in a rota is sent the incidents that are open and that nobody has acknowledged. */
import {
  type NewNotice,
  type Notice,
  type NoticeSubject,
  type Queryable,
  readNoticeSubjects,
  readUnacknowledged,
} from '@beacontower/database';
import { decideRouting, nextDutyChange, type RoutingMoment, type RoutingRules } from '@beacontower/domain';
import { eventOf } from './plan.ts';

/** A hand-over so long past is told of still: an override made by hand may begin, or end, in the very moment in which it is made. */
const LOOKED_BACK_MS = 600_000;

/** The hand-overs of each rota that tells of them: those just past, and the next. Written again they are the same notices. */
export function dutyNotices(rules: RoutingRules, now: number): NewNotice[] {
  const notices: NewNotice[] = [];
  for (const rota of rules.rotas.values()) {
    if (!rota.tellHandOver) continue;
    for (let at = now - LOOKED_BACK_MS; at <= now; ) {
      const change = nextDutyChange(rota, rules.overrides.get(rota.id) ?? [], rules.calendars, at);
      if (change === null) break;
      at = change.at;
      const { contact } = change.after;
      if (contact !== null)
        notices.push({
          incident: null,
          step: 'duty',
          // Who comes on may change until then: whoever does has a notice of his own.
          occasion: `${rota.id} ${at} ${contact}`,
          body: { rota: rota.id, contact },
          decidedAt: at,
          dueAt: at,
        });
    }
  }
  return notices;
}

/** Remembers for which rules the hand-overs to come are written already. */
export class DutyWatch {
  #key = '';

  /** Hand-overs to be written: when the rules are others, and when one has come, after which there is a next one. */
  due(moment: RoutingMoment, version: number, notices: readonly Notice[]): NewNotice[] {
    const hasCome = notices.some(({ incident, step }) => incident === null && step === 'duty');
    return hasCome || this.#key !== keyOf(moment, version) ? dutyNotices(moment.rules, moment.at) : [];
  }

  written(moment: RoutingMoment, version: number): void {
    this.#key = keyOf(moment, version);
  }

  forget(): void {
    this.#key = '';
  }
}

function keyOf({ rules }: RoutingMoment, version: number): string {
  return JSON.stringify([version, ...rules.overrides]);
}

/**
 * What a hand-over that has come tells of: a notice for each open incident whose routes name the rota. Null when it never came: the rota,
 * or who is on duty in it, has been changed since it was foreseen.
 */
export async function handOver(tx: Queryable, notice: Notice, moment: RoutingMoment): Promise<NewNotice[] | null> {
  const { rota = '', contact } = notice.body;
  if (moment.duty(rota)?.contact !== contact) return null;
  const subjects = await readNoticeSubjects(tx, await readUnacknowledged(tx));
  const isNamed = (subject: NoticeSubject) => decideRouting(eventOf(subject), moment).told.some((told) => told.because.rota === rota);
  return [...subjects.values()].filter(isNamed).map(({ id }) => {
    return { incident: id, step: 'duty', occasion: notice.occasion, body: notice.body, decidedAt: notice.dueAt, dueAt: moment.at };
  });
}
