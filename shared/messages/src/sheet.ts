import type { Severity } from '@beacontower/domain';
import type { IncidentMessage } from './message.ts';
import type { Language } from './wording.ts';

/** How a message is coloured: by its severity, or as an end. */
export type Tone = Severity | 'resolved';

/** What one message says, in order, in the words of one language; not yet escaped for any medium. */
export interface Sheet {
  readonly subject: string;
  readonly badge: string;
  readonly tone: Tone;
  readonly title: string;
  /** Sentences under the title; none is empty. */
  readonly paragraphs: readonly string[];
  readonly rows: readonly (readonly [label: string, value: string])[];
  /** The few facts that a short message has room for: where, since when, whom to call. */
  readonly brief: readonly string[];
  readonly list: SheetList | null;
  readonly link: { readonly label: string; readonly url: string } | null;
  readonly footer: string;
}

/** Objects or incidents by name, and how many there are beside those named. */
export interface SheetList {
  readonly title: string;
  readonly items: readonly { readonly text: string; readonly tone: Tone | null }[];
  readonly rest: number;
}

/** Which message is to be worded, for whom. */
export interface Composition {
  readonly messages: readonly [IncidentMessage, ...IncidentMessage[]];
  /** Events it stands for: those in `messages`, and those it only counts. */
  readonly total: number;
  readonly language: Language;
  readonly timeZone: string;
  /** The channel it was meant for, when it goes by `channel` instead, and why. */
  readonly diverted: { readonly channel: string; readonly why: string } | null;
  /** Id of the channel it goes by. */
  readonly channel: string;
}

/** "and 37 more"; empty when there are none. */
export function restText(rest: number, language: Language): string {
  if (rest <= 0) return '';
  return language === 'zh' ? `另有 ${rest} 个` : `and ${rest} more`;
}

/** The same sheet with fewer names: what no longer fits a medium is counted. */
export function withFewer(sheet: Sheet, items: number): Sheet {
  if (sheet.list === null || items >= sheet.list.items.length) return sheet;
  const { list } = sheet;
  return { ...sheet, list: { ...list, items: list.items.slice(0, items), rest: list.rest + list.items.length - items } };
}
