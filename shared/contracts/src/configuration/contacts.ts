/** Contacts: their targets with what is used instead while a channel stays down, their quiet hours, the names they sign in by. */
import type { ChannelBody, ContactBody } from '../entities.ts';
import { BAD_MAIL_ADDRESS, MAIL_ADDRESS } from './channel-checks.ts';
import { channelKinds } from './channels.ts';
import { type Item, whole } from './collect.ts';
import type { Minutes } from './dates.ts';
import type { Path } from './document.ts';
import { type Complaint, placeText, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import type { ContactYaml } from './telling-schema.ts';
import { timeZoneFault } from './time-zone.ts';
import { readWhen } from './when.ts';

type Kind = ChannelBody['kind'];
type Target = ContactBody['targets'][number];
type Place = Pick<Target, 'channel' | 'address'>;
const MINUTES_OF_DAY = 1440;
/** These go where their URL says. */
const WITHOUT_ADDRESS: ReadonlySet<Kind | undefined> = new Set(['webhook', 'wecom', 'dingtalk', 'feishu', 'alertmanager']);

export function readContacts(around: Surroundings, node: { readonly timeZone: string; readonly language: 'zh' | 'en' }): ContactBody[] {
  const kinds = channelKinds(around.collected);
  const accounts = new Map<string, Item<unknown>>();
  return whole(around.collected.items.contacts).map(({ item, value }) => {
    const targets = value.targets.map((target, i) => targetOf(around, item, target, ['targets', i], kinds));
    warnOfRepeats(around, item, targets);
    watchAccounts(around, item, value.accounts ?? [], accounts);
    return {
      id: value.id,
      name: value.name,
      language: value.language ?? node.language,
      targets,
      quiet: quietOf(around, item, value.quiet, node.timeZone),
      accounts: [...new Set(value.accounts ?? [])],
    };
  });
}

function targetOf(
  around: Surroundings,
  item: Item<unknown>,
  target: ContactYaml['targets'][number],
  path: Path,
  kinds: ReadonlyMap<string | null, Kind | undefined>,
): Target {
  const first = placeOf(around, item, target, path, kinds);
  const fallbacks = (target.fallbacks ?? []).map((fallback, i) => placeOf(around, item, fallback, [...path, 'fallbacks', i], kinds));
  const before = new Set<string>([keyOf(first)]);
  fallbacks.forEach((fallback, i) => {
    if (before.has(keyOf(fallback)) && fallback.channel !== '') complain(around, item, [...path, 'fallbacks', i], FALLBACK_TO_ITSELF);
    before.add(keyOf(fallback));
  });
  return { ...first, fallbacks };
}

function placeOf(
  around: Surroundings,
  item: Item<unknown>,
  { channel: name, address }: ContactYaml['targets'][number],
  path: Path,
  kinds: ReadonlyMap<string | null, Kind | undefined>,
): Place {
  const channel = around.references.resolve('channel', name, item, [...path, 'channel']);
  const kind = channel === null ? undefined : kinds.get(channel);
  const complaint = addressComplaint(kind, address);
  if (complaint !== null) complain(around, item, address === undefined ? path : [...path, 'address'], complaint);
  return { channel: channel ?? '', address: WITHOUT_ADDRESS.has(kind) ? null : (address?.trim() ?? null) };
}

function addressComplaint(kind: Kind | undefined, address: string | undefined): Complaint | null {
  if (kind === 'email' && address === undefined)
    return { ...BAD_MAIL_ADDRESS, problem: text('an e-mail channel needs an address', '邮件通道需要收件地址'), found: null };
  if (kind === 'email' && !MAIL_ADDRESS.test(address?.trim() ?? '')) return BAD_MAIL_ADDRESS;
  if (kind === 'gateway' && address?.trim() === '') return BLANK_ADDRESS;
  return kind !== undefined && WITHOUT_ADDRESS.has(kind) && address !== undefined ? addressUnused(kind) : null;
}

const keyOf = ({ channel, address }: Place): string => JSON.stringify([channel, address]);

function warnOfRepeats(around: Surroundings, item: Item<unknown>, targets: readonly Target[]): void {
  const seen = new Set<string>();
  targets.forEach((target, i) => {
    if (seen.has(keyOf(target)) && target.channel !== '') complain(around, item, ['targets', i], TARGET_TWICE);
    seen.add(keyOf(target));
  });
}

function watchAccounts(around: Surroundings, item: Item<unknown>, names: readonly string[], seen: Map<string, Item<unknown>>): void {
  names.forEach((name, i) => {
    const first = seen.get(name);
    if (first === undefined) seen.set(name, item);
    else if (first !== item)
      complain(around, item, ['accounts', i], accountTwice(placeText(first.document.locate([...first.path, 'accounts']))));
  });
}

function quietOf(around: Surroundings, item: Item<unknown>, quiet: ContactYaml['quiet'], timeZone: string): ContactBody['quiet'] {
  if (quiet === undefined) return null;
  const zone = timeZoneFault(quiet.timeZone, item, ['quiet', 'timeZone']);
  if (zone !== null) around.faults.push(zone);
  const during = joined((quiet.during ?? []).flat());
  const outside = readWhen(around, item, quiet.outside, ['quiet', 'outside'], timeZone);
  if (during.length === 0 && quiet.outside === undefined) complain(around, item, ['quiet'], QUIET_WHEN);
  const quietMinutes = during.reduce((sum, { from, to }) => sum + to - from, 0);
  if (quietMinutes === MINUTES_OF_DAY && quiet.except.length === 0) complain(around, item, ['quiet', 'during'], ALWAYS_QUIET);
  return { during, outside: outside?.id ?? null, timeZone: quiet.timeZone ?? timeZone, except: [...new Set(quiet.except)] };
}

/** Sorted, and what touches or overlaps made one. */
function joined(spans: readonly Minutes[]): Minutes[] {
  const result: Minutes[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && span.from <= last.to) result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else result.push({ ...span });
  }
  return result;
}

function complain(around: Surroundings, item: Item<unknown>, path: Path, complaint: Complaint): void {
  around.faults.push(item.document.fault([...item.path, ...path], complaint));
}

const addressUnused = (kind: Kind): Complaint => ({
  severity: 'warning',
  code: 'address-unused',
  problem: text(`a channel of kind ${kind} uses no address`, `${kind} 通道不使用地址`),
  expected: text('only "channel"', '仅 "channel"'),
});
const BLANK_ADDRESS: Complaint = {
  code: 'blank',
  problem: text('the address is blank', '地址为空'),
  expected: text('a number such as "13800000000", or none at all', '号码，如 "13800000000"；不需要时不写'),
};
const FALLBACK_TO_ITSELF: Complaint = {
  code: 'fallback-twice',
  problem: text('this falls back to what has just failed', '备用目标与此前已失败的目标相同'),
  expected: text('another channel or another address', '其他通道或其他地址'),
  found: null,
};
const TARGET_TWICE: Complaint = {
  severity: 'warning',
  code: 'target-twice',
  problem: text('the target is named twice, and is told once', '目标重复出现，只会通知一次'),
  expected: text('each channel and address once', '每个通道与地址只写一次'),
  found: null,
};
const accountTwice = (place: string): Complaint => ({
  severity: 'warning',
  code: 'account-twice',
  problem: text(
    'two contacts have this account: both are told of what is assigned to it',
    '两个联系人使用同一账户：指派给该账户的事件会通知二者',
  ),
  expected: text(`an account of one contact; the first is at ${place}`, `每个账户属于一个联系人；首次出现在 ${place}`),
});
const QUIET_WHEN: Complaint = {
  code: 'quiet-when',
  problem: text('it is not clear when it is quiet', '未明确何时免打扰'),
  expected: text('"during" (hours of every day), "outside" (a calendar), or both', '"during"（每日时段）、"outside"（日历）之一或二者'),
  found: null,
};
const ALWAYS_QUIET: Complaint = {
  code: 'always-quiet',
  problem: text('this contact would never be told of anything', '该联系人将永远不会收到通知'),
  expected: text('hours that leave some of the day, or severities in "except"', '不覆盖全天的时段，或在 "except" 中列出级别'),
  found: null,
};
