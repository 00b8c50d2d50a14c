/** Which names are known, and what to say of those that are not. */
import type { Collected, Item } from './collect.ts';
import type { Path } from './document.ts';
import { type Fault, type Text, text } from './fault.ts';
import { type ListSection, OBJECT_SECTIONS } from './schema.ts';
import { nearest } from './suggest.ts';

export type ReferenceKind =
  | 'object'
  | 'party'
  | 'zone'
  | 'division'
  | 'contact'
  | 'rota'
  | 'escalation'
  | 'channel'
  | 'template'
  | 'credential'
  | 'calendar'
  | 'holidays';

const NAMES: Readonly<Record<ReferenceKind, Text>> = {
  object: text('object', '对象'),
  party: text('party', '责任方'),
  zone: text('zone', '探测区'),
  division: text('division', '区划'),
  contact: text('contact', '联系人'),
  rota: text('rota', '值班表'),
  escalation: text('escalation', '升级'),
  channel: text('channel', '通道'),
  template: text('template', '模板'),
  credential: text('credential', '凭据'),
  calendar: text('calendar', '日历'),
  holidays: text('list of holidays', '节假日表'),
};

/** Suggestions cost an edit distance to every name; beyond this many faults they help nobody. */
const MAX_SUGGESTIONS = 50;

export interface References {
  /** The local id when the name is known; otherwise null, and a fault was recorded at the item's `path`. */
  resolve(kind: ReferenceKind, name: string, item: Item<unknown>, path: Path): string | null;
}

/** `complete` false: a file could not be understood, so that a name may stand there; unknown ones are not complained of. */
export function createReferences(
  collected: Collected,
  complete: boolean,
  faults: Fault[],
  shippedHolidays: readonly string[] = [],
): References {
  const known = knownNames(collected, shippedHolidays);
  const prefix = collected.node?.id === null || collected.node === null ? null : `${collected.node.id}:`;
  const suggestions = new Map<string, string | null>();
  const suggest = (kind: ReferenceKind, name: string): string | null => {
    const key = `${kind} ${name}`;
    if (!suggestions.has(key)) suggestions.set(key, suggestions.size < MAX_SUGGESTIONS ? nearest(name, known[kind]) : null);
    return suggestions.get(key) ?? null;
  };
  return {
    resolve(kind, name, item, path) {
      const local = kind === 'object' && prefix !== null && name.startsWith(prefix) ? name.slice(prefix.length) : name;
      if (known[kind].has(local)) return local;
      if (!complete) return null;
      const near = suggest(kind, local);
      const what = NAMES[kind];
      faults.push(
        item.document.fault([...item.path, ...path], {
          code: 'unknown-reference',
          ...(kind === 'credential' && near === null
            ? // A community written where the credential is to be named must not be repeated.
              { problem: text(`there is no such ${what.en}`, `没有这样的${what.zh}`), found: null }
            : { problem: text(`there is no ${what.en} "${name}"`, `没有名为 "${name}" 的${what.zh}`) }),
          expected:
            near === null
              ? text(`the id of a ${what.en} of this configuration`, `本配置中已定义的${what.zh}标识`)
              : text(`did you mean "${near}"?`, `是否想写 "${near}"？`),
        }),
      );
      return null;
    },
  };
}

function knownNames(collected: Collected, shippedHolidays: readonly string[]): Record<ReferenceKind, Set<string>> {
  const ids = (section: ListSection): string[] => collected.items[section].flatMap((item) => (item.id === null ? [] : [item.id]));
  const division = collected.node?.value?.division;
  return {
    object: new Set((Object.keys(OBJECT_SECTIONS) as ListSection[]).flatMap(ids)),
    party: new Set(ids('parties')),
    zone: new Set(ids('zones')),
    division: new Set([...ids('divisions'), ...(division === undefined ? [] : [division])]),
    contact: new Set(ids('contacts')),
    rota: new Set(ids('rotas')),
    escalation: new Set(ids('escalations')),
    channel: new Set(ids('channels')),
    template: new Set(ids('templates')),
    credential: new Set(ids('credentials')),
    calendar: new Set(['always', ...ids('calendars')]),
    holidays: new Set([...shippedHolidays, ...ids('holidays')]),
  };
}
