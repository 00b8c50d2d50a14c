/** The board: one screen of what the node knows. Pure. */
import type { IncidentSummary, ObjectSummary } from '@beacontower/contracts';
import type { DemoEvent } from './events.ts';
import { landingOf, NODE } from './network.ts';
import { PROVINCES } from './provinces.ts';
import { type Colour, fit, paint, widthOf } from './text.ts';
import type { ObjectiveFigure, View } from './view.ts';
import { type BoardLanguage, WORDS } from './words.ts';

export interface BoardFacts {
  readonly view: View;
  readonly events: readonly DemoEvent[];
  readonly elapsedMs: number;
  readonly url: string;
  readonly token: string;
  /** Whom to sign in to the console as; null: not shown. */
  readonly person: { readonly name: string; readonly password: string } | null;
  /** Whether addresses can go away, or only the loopback is there. */
  readonly ground: 'namespace' | 'loopback';
  readonly nameOf: (object: string) => { readonly zh: string; readonly en: string };
}

const COLUMNS = 108;
const A_ROW = 8;
const MOST_INCIDENTS = 5;
export const MOST_EVENTS = 9;
const STATE_COLOURS = { up: 'green', degraded: 'yellow', down: 'red', unknown: 'magenta' } as const;
const VERDICT_COLOURS = { met: 'green', missed: 'red', undecided: 'yellow' } as const;
const SEVERITY_COLOURS: Readonly<Record<string, Colour>> = { critical: 'red', major: 'yellow', minor: 'cyan', warning: 'grey' };
const SEVERITIES = Object.keys(SEVERITY_COLOURS);
const EVENT_MARKS: Readonly<Record<DemoEvent['kind'], readonly [string, Colour]>> = {
  fault: ['!', 'yellow'],
  well: ['·', 'grey'],
  opened: ['▲', 'red'],
  resolved: ['✓', 'green'],
};

/** The board's lines, coloured. */
export function renderBoard(facts: BoardFacts, language: BoardLanguage): string {
  const words = WORDS[language];
  const { view } = facts;
  const rule = paint('grey', '─'.repeat(COLUMNS));
  const title = `${paint('bold', words.title)}  ${clock(view.at)}  ${words.running} ${duration(facts.elapsedMs)}`;
  return [
    title,
    ...(facts.ground === 'loopback' ? [paint('yellow', words.loopback)] : []),
    rule,
    ...provinces(view.objects, language),
    states(view.objects, language),
    rule,
    ...objectives(view.objectives, facts, language),
    rule,
    ...incidents(view.incidents, facts, language),
    rule,
    paint('bold', words.events),
    ...facts.events.map(
      (event) => ` ${clock(event.at)} ${paint(EVENT_MARKS[event.kind][1], EVENT_MARKS[event.kind][0])} ${event.words[language]}`,
    ),
    rule,
    self(view, language),
    ...(facts.person === null ? [] : [` ${words.console} ${facts.url}/    ${words.signIn} ${facts.person.name} ${facts.person.password}`]),
    ` API   ${facts.url}/api/v1    ${words.reference} ${facts.url}/docs`,
    ` ${words.token} ${facts.token}    ${words.end}`,
  ].join('\n');
}

/** A province is down with its landing device, degraded with anything else of it. */
export function stateOfProvince(id: string, objects: readonly ObjectSummary[]): ObjectSummary['state'] {
  const own = objects.filter(({ division, quiet }) => division === `cn.${id}` && !quiet);
  const landing = own.find((object) => object.id === `${NODE}:${landingOf({ id, zh: '', en: '', code: '' })}`);
  if (landing === undefined || landing.state === 'down' || landing.state === 'unknown') return landing?.state ?? 'unknown';
  return own.every(({ state }) => state === 'up') ? 'up' : 'degraded';
}

function provinces(objects: readonly ObjectSummary[], language: BoardLanguage): string[] {
  const cells = PROVINCES.map(({ id, [language]: name }, i) => {
    const state = stateOfProvince(id, objects);
    // The last of a row has room to the right.
    const shown = (i + 1) % A_ROW === 0 ? name : fit(name, 10);
    return ` ${paint(STATE_COLOURS[state], '●')} ${paintIf(state !== 'up', STATE_COLOURS[state], shown)}`;
  });
  return Array.from({ length: Math.ceil(cells.length / A_ROW) }, (_, row) => cells.slice(row * A_ROW, (row + 1) * A_ROW).join(''));
}

const paintIf = (isPainted: boolean, colour: Colour, text: string) => (isPainted ? paint(colour, text) : text);

function states(objects: readonly ObjectSummary[], language: BoardLanguage): string {
  const words = WORDS[language];
  const interfaces = objects.filter(({ kind }) => kind === 'interface').length;
  const shown = objects.filter(({ quiet }) => !quiet);
  const counts = (['up', 'degraded', 'down', 'unknown'] as const).map((state) => {
    const count = shown.filter((object) => object.state === state).length;
    return paintIf(count > 0, STATE_COLOURS[state], `${words.states[state]} ${count}`);
  });
  return ` ${shown.length} ${words.objects}: ${counts.join('  ')}   ${words.interfaces(interfaces)}`;
}

function objectives(all: readonly ObjectiveFigure[], facts: BoardFacts, language: BoardLanguage): string[] {
  const words = WORDS[language];
  const head = [fit(words.objective, 30), fit(words.availability, 15), fit(words.bounds, 25), fit(words.target, 11), words.verdict].join(
    '',
  );
  return [
    paint('bold', ` ${head}`),
    ...all.map(({ id, members, target, figure }) => {
      const bounds = `${percent(figure.lowest)} … ${percent(figure.highest)}`;
      const verdict = paint(VERDICT_COLOURS[figure.verdict], words.verdicts[figure.verdict]);
      const name = `${facts.nameOf(id)[language]} (${members})`;
      return ` ${fit(name, 30)}${fit(percent(figure.availability), 15)}${fit(bounds, 25)}${fit(`≥ ${percent(target, 2)}`, 11)}${verdict}`;
    }),
  ];
}

function incidents(all: readonly IncidentSummary[], facts: BoardFacts, language: BoardLanguage): string[] {
  const words = WORDS[language];
  const open = all
    .filter(({ state }) => state === 'open' || state === 'acknowledged')
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.number - a.number);
  const lines = open.slice(0, MOST_INCIDENTS).map(({ number, severity, cause, startedAt, affected }) => {
    const painted = paint(SEVERITY_COLOURS[severity] ?? 'grey', fit(words.severities[severity] ?? severity, 10));
    return ` ${fit(`#${number}`, 6)}${painted}${fit(facts.nameOf(cause)[language], 48)}${words.since} ${clock(Date.parse(startedAt))}  ${words.affected} ${affected}`;
  });
  const more = open.length > MOST_INCIDENTS ? [paint('grey', ` … ${open.length - MOST_INCIDENTS}`)] : [];
  return [paint('bold', `${words.incidents}: ${open.length}`), ...(open.length === 0 ? [paint('grey', ` ${words.none}`)] : lines), ...more];
}

function self({ self: report }: View, language: BoardLanguage): string {
  const words = WORDS[language];
  const rounds = report.facts?.rounds ?? [];
  const sum = (what: 'due' | 'run' | 'missed') => rounds.reduce((total, each) => total + each[what], 0);
  const worst = report.findings[0];
  const colour = report.status === 'ok' ? 'green' : report.status === 'failed' ? 'red' : 'yellow';
  const state = ` ${words.self}: ${paint(colour, words.selfStates[report.status])}  `;
  const taken = `${words.rounds} ${sum('run')}/${sum('due')}${language === 'zh' ? '，' : ', '}${words.missed} ${sum('missed')}`;
  // What an error says may be long: the line ends where the board does.
  const said = worst === undefined ? '' : fit(`  ${worst.text[language]}`, COLUMNS - widthOf(state + taken)).trimEnd();
  return `${state}${taken}${said}`;
}

/** Rounded to the nearest for show; but what is not whole is never shown as 100%. */
function percent(fraction: number | null, digits = 3): string {
  if (fraction === null) return '–';
  const shown = (fraction * 100).toFixed(digits);
  if (fraction < 1 && Number(shown) === 100) return `${(100 - 10 ** -digits).toFixed(digits)}%`;
  return `${shown}%`;
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString('zh-CN', { hour12: false, timeZone: 'Asia/Shanghai' });
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
