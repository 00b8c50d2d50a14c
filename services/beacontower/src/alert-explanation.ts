/** An explanation of routing as a person reads it. */
import type { Language, RoutingExplanationView } from '@beacontower/contracts';
import { ALERT_WORDS, type AlertWords, localTime, spanWords } from './alert-words.ts';

type Told = RoutingExplanationView['told'][number];
type Because = Told['because'];

/** How the lines are made: words, and the clock that times are shown by. */
interface Wording {
  readonly words: AlertWords;
  readonly language: Language;
  readonly time: (at: string) => string;
}

/** The explanation in words, lines without ends. Times are local to `timeZone`. */
export function explanationLines(view: RoutingExplanationView, timeZone: string, language: Language): string[] {
  const words = ALERT_WORDS[language];
  const wording: Wording = { words, language, time: (at) => localTime(at, timeZone) };
  const { headings } = words;
  return [
    headLine(view, timeZone, wording),
    ...section(headings.routes, routeLines(view, words), words),
    ...section(headings.told, view.nobody ? [words.nobody] : view.told.flatMap((told) => toldLines(told, view.at, wording)), words),
    ...section(headings.later, laterLines(view, wording), words),
    ...clockLines(view, wording),
    ...section(headings.notTold, notToldLines(view, words), words),
    ...(view.unmanned.length === 0 ? [] : [words.unmanned(view.unmanned.join(words.join))]),
    ...(view.unknown.length === 0 ? [] : [words.unknown(view.unknown.join(words.join))]),
  ];
}

function headLine({ event, at }: RoutingExplanationView, timeZone: string, { words, time }: Wording): string {
  const what = words.severe(words.severities[event.severity], words.kinds[event.kind]);
  const about = [words.classes[event.class], event.division, event.party].filter((part) => part !== null && part !== '');
  return `${event.object ?? words.anEvent}${words.colon}${what}${words.brackets(about.join(words.join))}${words.join}${time(at)} ${timeZone}`;
}

function section(heading: string, lines: readonly string[], words: AlertWords): string[] {
  return lines.length === 0 ? [] : [`${heading}${words.colon.trim()}`, ...lines.map((line) => `  ${line}`)];
}

function routeLines({ routes }: RoutingExplanationView, words: AlertWords): string[] {
  if (routes.length === 0) return [words.noRoutes];
  const width = Math.max(...routes.map(({ route }) => route.length));
  return routes.map(({ route, verdict }) => {
    const mark = verdict === 'matches' || verdict === 'by-default' ? '+' : '-';
    return `${mark} ${route.padEnd(width)}  ${words.verdicts[verdict]}`;
  });
}

function toldLines(told: Told, now: string, wording: Wording): string[] {
  const { words, time } = wording;
  const { withheld } = told;
  const later = !withheld && told.at !== null && told.at !== now ? [words.goes(time(told.at))] : [];
  const targets = told.targets.map((target) => {
    const fallbacks = target.fallbacks.map(placeText).join(words.join);
    const kind = target.kind ?? words.notConfigured;
    // What is not gathered does not wait for others.
    const notes = [kind, ...(target.grouped ? [words.grouped, ...later] : [])].join(words.join);
    return `  ${placeText(target)}${words.brackets(notes)}${fallbacks === '' ? '' : words.otherwise(fallbacks)}`;
  });
  return [
    `${who(told)}${words.colon}${becauseText(told.because, words)}`,
    ...(withheld === null ? [] : [`  [${heldText(withheld, wording)}]`]),
    ...targets,
  ];
}

function heldText({ reason, id, until }: NonNullable<Told['withheld']>, { words, time }: Wording): string {
  const end = until === null ? words.untilUnknown : words.until(time(until));
  return [[words.withheld[reason], id].filter(Boolean).join(' '), end].join(words.join);
}

function laterLines({ escalation, repeats, at }: RoutingExplanationView, wording: Wording): string[] {
  const { words, language, time } = wording;
  const steps = escalation.map((step) => {
    const after = spanWords(Date.parse(step.at) - Date.parse(at), language);
    const contacts = step.contacts.map((told) => {
      const rota = told.because.rota === null ? [] : [rotaText(told.because, words)];
      const held = told.withheld === null ? '' : ` [${heldText(told.withheld, wording)}]`;
      return [who(told), ...rota.map(words.brackets), held].join('');
    });
    const names = contacts.length === 0 ? words.nobodyWord : contacts.join(words.join);
    return `+${after}${words.brackets(time(step.at))}${words.colon}${names}${words.colon}${words.step(step.stepNumber + 1, step.escalation)}`;
  });
  return [...steps, ...repeats.map(({ route, everyMs }) => words.repeats(spanWords(everyMs, language), route))];
}

function clockLines({ clocks }: RoutingExplanationView, { words, time }: Wording): string[] {
  return (['respond', 'repair'] as const).flatMap((which) => {
    const clock = clocks[which];
    return clock === null ? [] : [words.clock(which, time(clock.dueAt), time(clock.warnAt))];
  });
}

function notToldLines({ notTold }: RoutingExplanationView, words: AlertWords): string[] {
  return notTold.map((one) => {
    const verdict = one.why === 'route-does-not-apply' && one.verdict !== null ? [words.verdicts[one.verdict]] : [];
    const where = [
      ...(one.route === null ? [] : [words.ofRoute(one.route)]),
      ...(one.rota === null ? [] : [words.ofRota(one.rota)]),
      ...verdict,
    ];
    return `${who(one)}${words.colon}${words.notTold[one.why]}${where.length === 0 ? '' : words.brackets(where.join(words.join))}`;
  });
}

function who({ contact, name }: { readonly contact: string; readonly name: string | null }): string {
  return name === null || name === contact ? contact : `${contact} ${name}`;
}

function placeText({ channel, address }: { readonly channel: string; readonly address: string | null }): string {
  return address === null ? channel : `${channel} ${address}`;
}

function rotaText({ rota, nobodyOnDuty }: Because, words: AlertWords): string {
  return nobodyOnDuty ? words.insteadOf(rota ?? '') : words.onDutyIn(rota ?? '');
}

function becauseText(because: Because, words: AlertWords): string {
  const { route, byDefault, rota } = because;
  const parts = [
    ...(route === null ? [] : [byDefault ? words.byDefault(route) : words.byRoute(route)]),
    ...(rota === null ? [] : [rotaText(because, words)]),
  ];
  return parts.join(words.join);
}
