/** `beacontower alert on-call`: who is on duty, and the schedule of named rotas. */
import { type DutyRules, type Language, type RotaSchedule, type RotaView, rotaScheduleView, rotaView } from '@beacontower/contracts';
import { UserError } from '@beacontower/runtime';
import { ALERT_WORDS, type AlertWords, localTime } from './alert-words.ts';

/** What the command shows; `schedule` of the rotas that were named. */
export interface OnCall {
  readonly rota: RotaView;
  readonly schedule: RotaSchedule | null;
}

/** Who is on duty at `at` in each rota, or in those named, these with their schedule until `to` (epoch ms). Throws a `UserError` on an unknown one. */
export function onCallOf(rules: DutyRules, named: readonly string[], at: number, to: number): OnCall[] {
  const unknown = named.filter((id) => !rules.rotas.some((rota) => rota.id === id));
  if (unknown.length > 0) {
    const known = rules.rotas.map(({ id }) => id).join(', ');
    throw new UserError(`there is no rota ${unknown.join(', ')}${known === '' ? '' : `; there are: ${known}`}`);
  }
  return rules.rotas
    .filter(({ id }) => named.length === 0 || named.includes(id))
    .map((rota) => ({ rota: rotaView(rota, rules, at), schedule: named.length === 0 ? null : rotaScheduleView(rota, rules, at, to) }));
}

/** The same in words, lines without ends. Times are local to each rota. */
export function onCallLines(rotas: readonly OnCall[], language: Language): string[] {
  const words = ALERT_WORDS[language];
  if (rotas.length === 0) return [words.noRotas];
  return rotas.flatMap(({ rota, schedule }) => [...rotaLines(rota, language, words), ...(schedule ? scheduleLines(schedule, words) : [])]);
}

function rotaLines(rota: RotaView, language: Language, words: AlertWords): string[] {
  const { now, next, timeZone } = rota;
  const name = language === 'en' ? (rota.nameEn ?? rota.name) : rota.name;
  const until = now.until === null ? null : localTime(now.until, timeZone);
  const after = next === null ? [] : [`  ${words.next(who(next, words), localTime(next.at, timeZone))}`];
  return [`${rota.id} ${name}${words.brackets(timeZone)}`, `  ${words.now(who(now, words), words.duties[now.because], until)}`, ...after];
}

function scheduleLines({ spans, gaps, timeZone }: RotaSchedule, words: AlertWords): string[] {
  const time = (at: string) => localTime(at, timeZone);
  return [
    ...spans.map((span) => {
      const why = [words.duties[span.because], span.layer, span.reason].filter((part) => part !== null);
      return `    ${time(span.from)} – ${time(span.to)}  ${who(span, words)}${words.brackets(why.join(words.join))}`;
    }),
    ...gaps.map(({ from, to }) => `  ${words.gap(time(from), time(to))}`),
  ];
}

function who({ contact, name }: { readonly contact: string | null; readonly name: string | null }, words: AlertWords): string {
  if (contact === null) return words.nobodyWord;
  return name === null || name === contact ? contact : `${contact} ${name}`;
}
