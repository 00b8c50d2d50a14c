import type { ObjectiveBody } from '@beacontower/contracts';
import type { Bilingual } from '../model/model.ts';

type Class = NonNullable<ObjectiveBody['class']>;

/** What the classes of published figures are called in them, in the order in which they are published. */
const SUBJECTS: Readonly<Partial<Record<Class, Bilingual>>> = {
  'user-access': { zh: '用户接入网络', en: 'user access' },
  'internet-exit': { zh: '互联网出口', en: 'the Internet exit' },
  backbone: { zh: '广域骨干网', en: 'the wide-area backbone' },
};
const ORDER = Object.keys(SUBJECTS);
const CENTRAL_BACKBONE: Bilingual = { zh: '中央广域骨干网', en: 'the central wide-area backbone' };

/**
 * Objectives in the order in which figures are published: user access, Internet exit, backbone, of each first the one that stands for
 * the whole class; then the others by id.
 */
export function inPublishedOrder(objectives: readonly ObjectiveBody[]): ObjectiveBody[] {
  const rank = ({ class: of }: ObjectiveBody) => (of !== null && of in SUBJECTS ? ORDER.indexOf(of) : ORDER.length);
  return [...objectives].sort((a, b) => rank(a) - rank(b) || Number(isWhole(b)) - Number(isWhole(a)) || (a.id < b.id ? -1 : 1));
}

/** It stands for all of its class at all times, as a published figure does; one of office hours, say, is another figure. */
function isWhole({ objects, where, calendar }: ObjectiveBody): boolean {
  return objects === null && where === null && calendar === 'always';
}

/**
 * What an objective is called in the summary: the published name of its class where it is the only one that stands for all of it, else its own name without "availability". The backbone of the whole country is the central one.
 */
export function subjectOf(objective: ObjectiveBody, among: readonly ObjectiveBody[]): Bilingual {
  const { class: of, division } = objective;
  const isOnlyOne = among.filter((each) => each.class === of && isWhole(each)).length === 1;
  const published = of !== null && isOnlyOne && isWhole(objective) ? SUBJECTS[of] : undefined;
  if (published === undefined) return ownName(objective);
  return of === 'backbone' && !division.includes('.') ? CENTRAL_BACKBONE : published;
}

function ownName({ name, nameEn }: ObjectiveBody): Bilingual {
  const zh = name.replace(/(平均|时间加权|用户加权)?可用率$/, '') || name;
  const en = (nameEn ?? name).replace(/\s*(average\s+)?availability(\s+of)?$/i, '') || (nameEn ?? name);
  return { zh, en };
}
