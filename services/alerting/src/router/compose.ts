import { DeliveryBecause, RESOLUTIONS, type Resolution } from '@beacontower/contracts';
import {
  type DeliveryPlace,
  type NewDelivery,
  type NoticeSubject,
  type Queryable,
  readAffected,
  readReasons,
  readWarningFacts,
  type WarningFacts,
} from '@beacontower/database';
import type { ToldBecause } from '@beacontower/domain';
import { AFFECTED_LIMIT, createMessage } from '@beacontower/messages';
import type { Directory } from '../directory.ts';
import { stableUuid } from '../identifiers.ts';
import type { IncidentNotice } from './notice.ts';

/** Whom one message goes to, and by what. */
export interface Addressee extends DeliveryPlace {
  readonly contact: string;
  readonly language: 'zh' | 'en';
  readonly fallbacks: readonly DeliveryPlace[];
  /** The key of its group; null: it goes by itself. */
  readonly group: string | null;
  readonly because: ToldBecause;
  /** Why it is withheld; null: it is not. */
  readonly withheld: string | null;
  /** What went to the same target before. */
  readonly follows: string | null;
}

export type Compose = (notice: IncidentNotice, subject: NoticeSubject, addressee: Addressee) => NewDelivery;

/** Reads once what messages tell of these incidents, and makes deliveries of it. */
export async function createComposer(
  tx: Queryable,
  subjects: ReadonlyMap<string, NoticeSubject>,
  directory: Directory,
  now: number,
): Promise<Compose> {
  const all = [...subjects.values()];
  const reasons = await readReasons(
    tx,
    all.map(({ cause }) => cause),
  );
  const affected = await readAffected(tx, [...subjects.keys()], AFFECTED_LIMIT);
  const warnings = await readWarningFacts(
    tx,
    all.filter(({ kind }) => kind === 'early-warning').map(({ id }) => id),
  );
  return (notice, subject, addressee) => {
    const { step, occasion, body } = notice;
    const warning = warningOf(warnings.get(subject.id), step);
    const payload = createMessage(
      {
        id: stableUuid('event', subject.id, step, ...occasionPart(occasion)),
        step,
        now,
        language: addressee.language,
        incident: subject,
        affected: affected.get(subject.id) ?? { total: 1, objects: [subject.cause] },
        resolution: body.resolution ?? endingOf(step, warning),
        reason: reasons.get(subject.cause) ?? null,
        warning: warning?.warning ?? null,
        facts: subject.facts,
        blast: subject.blast,
        notice: body,
        respondBy: subject.respondBy,
        repairBy: subject.repairBy,
      },
      directory,
    );
    return deliveryOf(notice, addressee, payload, now);
  };
}

function deliveryOf(notice: IncidentNotice, addressee: Addressee, payload: unknown, now: number): NewDelivery {
  const { incident, step, occasion, decidedAt } = notice;
  const { withheld, ...rest } = addressee;
  const { contact, channel, address, group, because } = rest;
  return {
    ...rest,
    id: stableUuid('delivery', incident, step, ...occasionPart(occasion), contact, channel, address),
    incident,
    step,
    occasion,
    route: because.route,
    because: DeliveryBecause.parse(because),
    payload,
    state: withheld !== null ? 'withheld' : group === null ? 'pending' : 'waiting',
    reason: withheld,
    createdAt: now,
    decidedAt,
  };
}

// A repeat, or a clock, tells of the warning as it last changed.
function warningOf(facts: ReadonlyMap<string, WarningFacts> | undefined, step: string): WarningFacts | undefined {
  return facts?.get(step) ?? facts?.get('escalated') ?? facts?.get('opened');
}

function endingOf(step: string, warning: WarningFacts | undefined): Resolution | null {
  if (step !== 'resolved' || warning === undefined) return null;
  return RESOLUTIONS.find((resolution) => resolution === warning.reason) ?? 'recovered';
}

/** Nothing for the first of a step: ids made before there were occasions stay what they are. */
function occasionPart(occasion: string): string[] {
  return occasion === '' ? [] : [occasion];
}
