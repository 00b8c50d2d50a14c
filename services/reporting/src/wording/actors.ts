import type { Bilingual } from '../model/model.ts';

/** Those that are no people and no tokens, as the record has them. */
const ACTORS: Readonly<Record<string, Bilingual>> = {
  assessor: { zh: '系统自动', en: 'by itself' },
  'command line': { zh: '命令行', en: 'command line' },
};
const SCHEDULE = /^schedule (?=.)/;

/** Who did something, in words: what the system does by itself is said in the language of the report, a name stays as it is. */
export function actorWords(actor: string): Bilingual {
  const schedule = actor.replace(SCHEDULE, '');
  return ACTORS[actor] ?? (schedule === actor ? { zh: actor, en: actor } : { zh: `定时报告 ${schedule}`, en: actor });
}

/** Why the system closed a period by itself; the assessor says it in these English words. */
const REASONS: readonly Bilingual[] = [
  { zh: '统计期结束', en: 'the period ended' },
  { zh: '上一版关账之后，期末时段才判定完毕', en: 'the end of the period was judged after the version before was closed' },
  { zh: '上一版关账之后的记录改变了成员的账目', en: 'what was recorded after the version before was closed changes accounts of members' },
];

/** Why a version was made, in words; what a person gave as the reason stays as it is. */
export function closingReasonWords(reason: string): Bilingual {
  return REASONS.find(({ en }) => en === reason) ?? { zh: reason, en: reason };
}
