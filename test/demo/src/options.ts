/** What was typed after `scripts/demo`. */
import { parseArgs } from 'node:util';
import type { BoardLanguage } from './words.ts';

export interface DemoOptions {
  readonly language: BoardLanguage;
  /** Ends by itself after so long; null runs until Ctrl-C. */
  readonly minutes: number | null;
  /** One board when all has been seen once, and the end. */
  readonly once: boolean;
  /** No board: one JSON document at the end. */
  readonly json: boolean;
  readonly seed: number;
  /** A file that the board is also written to, as HTML. */
  readonly html: string | null;
  /** A centre and two provinces that report to it, in place of one node. */
  readonly federation: boolean;
}

export const HELP = `scripts/demo [--language zh|en] [--minutes N] [--once] [--json] [--seed N] [--html FILE] [--federation]

A national network in the small, alive on one machine: one node (the centre), 32 provinces with a landing device and two circuits
each, Internet exits and access lines of units. SNMP is answered by 34 agents, ICMP by addresses of a network namespace of its own
(as root; otherwise by the loopback). Faults come and go. Ctrl-C leaves nothing behind.

  --language zh|en  language of the board (default: that of LANG, else en)
  --minutes N       end after N minutes
  --once            print one board as soon as everything has been looked at and has a figure, and end
  --json            no board; one JSON document at the end
  --seed N          other faults (default: 1)
  --html FILE       write the board to FILE as a page, too
  --federation      instead: a centre and two provinces that report to it, three whole nodes (as root); a line goes and comes`;

/** Throws a TypeError whose message says what is wrong. Null when help was asked for. */
export function parseOptions(args: readonly string[], locale: string): DemoOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      language: { type: 'string' },
      minutes: { type: 'string' },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      html: { type: 'string' },
      federation: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const language = values.language ?? (locale.startsWith('zh') ? 'zh' : 'en');
  if (language !== 'zh' && language !== 'en') throw new TypeError(`--language "${language}": expected zh or en`);
  const minutes = values.minutes === undefined ? null : Number(values.minutes);
  if (minutes !== null && !(minutes > 0 && minutes <= 10_000))
    throw new TypeError(`--minutes "${values.minutes}": expected a number above 0`);
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0) throw new TypeError(`--seed "${values.seed}": expected a whole number`);
  return { language, minutes, once: values.once, json: values.json, seed, html: values.html ?? null, federation: values.federation };
}
