import type { ReportModel, ReportPeriod } from '../../model/model.ts';
import { actorWords, type Language, timeIn } from '../../wording/index.ts';
import type { Fact } from './content.ts';
import { fill, SENTENCES, WORDS } from './words.ts';

/** What stands on the title page, below the title: of what, by whom, from what. */
export function coverFacts(model: ReportModel, language: Language): Fact[] {
  const { period, made } = model;
  const facts: readonly (readonly [keyof typeof WORDS, string])[] = [
    ['period', spanText(period, language)],
    ['comparedWith', spanText(model.previousPeriod, language)],
    ['timeZone', period.timeZone],
    ['scope', model.division.name[language]],
    ['node', `${model.node.name} (${model.node.id})`],
    ['status', statusText(model, language)],
    ['madeAt', timeIn(made.at, period.timeZone)],
    ['madeBy', actorWords(made.by)[language]],
    ['software', `Beacontower ${made.version}`],
    ...(model.id === null ? [] : ([['reportId', model.id]] as const)),
  ];
  return facts.map(([word, value]) => ({ label: WORDS[word][language], value }));
}

/** A period by its name and its ends; the end is no part of it. */
function spanText(period: ReportPeriod, language: Language): string {
  const from = timeIn(period.from, period.timeZone).slice(0, 16);
  const to = timeIn(period.to, period.timeZone).slice(0, 16);
  return language === 'zh' ? `${period.name.zh}（${from} 至 ${to}）` : `${period.name.en} (${from} to ${to})`;
}

/** Whether what is printed may still change, in words. */
export function statusText(model: ReportModel, language: Language): string {
  const at = timeIn(model.asOf, model.period.timeZone);
  if (model.state === 'running') return fill(SENTENCES.provisional[language], { at });
  const live = model.objectives.filter(({ status }) => status.kind === 'live');
  const versions = [...new Set(model.objectives.flatMap(({ status }) => (status.kind === 'closed' ? [status.version] : [])))].sort(
    (a, b) => a - b,
  );
  const numbers = versions.join(language === 'zh' ? '、' : ', ');
  if (live.length === 0 && versions.length > 0) return fill(STATUS.closed[language], { versions: numbers });
  const names = live.map(({ name }) => name[language]).join(language === 'zh' ? '、' : ', ');
  if (versions.length === 0) return fill(STATUS.live[language], { at });
  return fill(STATUS.mixed[language], { versions: numbers, names, at });
}

const STATUS = {
  closed: { zh: '已关闭（第 {versions} 版，各项版本见正文）', en: 'closed (version {versions}; each objective states its own)' },
  live: { zh: '尚未关闭，截至 {at} 的实时数据', en: 'not closed; live as of {at}' },
  mixed: {
    zh: '部分关闭：{names}尚未关闭，为截至 {at} 的实时数据；其余为第 {versions} 版',
    en: 'partly closed: {names} not closed, live as of {at}; the rest version {versions}',
  },
} as const;
