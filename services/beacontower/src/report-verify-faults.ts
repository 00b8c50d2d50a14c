/** What may be wrong with a bundle, in words. */
import type { Language } from '@beacontower/contracts';

interface FaultValues {
  'not-json': Record<never, never>;
  'too-long': { limit: number };
  'not-a-line': { path: string; expected: string };
  'out-of-order': { line: string; after: string };
  'of-another-member': { line: string; object: string; member: string };
  'of-another-objective': { objective: string; header: string };
  'edges-wrong': { id: number };
  'no-period': Record<never, never>;
  previous: { version: number };
  calendar: Record<never, never>;
  'calendar-parts': { calendar: string };
  'no-member': { object: string; field: string };
  unusable: { why: string };
  account: { object: string; basis: string; field: string; says: number; comes: number };
  'account-missing': { object: string; basis: string };
  figure: { group: string; field: string; says: unknown; comes: unknown };
  'figure-missing': { group: string };
  'figure-unfounded': { group: string };
  digest: { says: string; comes: string };
  signature: Record<never, never>;
  'signature-missing': Record<never, never>;
  'after-signature': Record<never, never>;
  'not-ended': Record<never, never>;
}

export type FaultCode = keyof FaultValues;

/** One disagreement. `line` is the line's number from 1; null: the file as a whole. */
export type Fault = { [C in FaultCode]: { readonly line: number | null; readonly code: C; readonly values: FaultValues[C] } }[FaultCode];

const WORDS: { readonly [C in FaultCode]: { readonly [L in Language]: (values: FaultValues[C]) => string } } = {
  'not-json': { en: () => 'is not JSON', zh: () => '不是 JSON' },
  'too-long': {
    en: ({ limit }) => `is longer than ${limit} bytes, which no line of a bundle is`,
    zh: ({ limit }) => `超过 ${limit} 字节，证据包中没有这样长的行`,
  },
  'not-a-line': {
    en: ({ path, expected }) => `is not a line of format 1: ${path}: ${expected}`,
    zh: ({ path, expected }) => `不符合格式 1：${path}：${expected}`,
  },
  'out-of-order': {
    en: ({ line, after }) => `"${line}" may not stand behind ${after}: lines are missing, moved or doubled`,
    zh: ({ line, after }) => `“${line}”不能出现在${after}之后：有行缺失、移动或重复`,
  },
  'of-another-member': {
    en: ({ line, object, member }) => `"${line}" is of ${object}, but stands with ${member}`,
    zh: ({ line, object, member }) => `“${line}”属于 ${object}，却列在 ${member} 之下`,
  },
  'of-another-objective': {
    en: ({ objective, header }) => `is of the objective ${objective}, but the header names ${header}`,
    zh: ({ objective, header }) => `属于目标 ${objective}，而首行所列为 ${header}`,
  },
  'edges-wrong': {
    en: ({ id }) => `transition ${id}: expected earliest <= at <= latest`,
    zh: ({ id }) => `状态变化 ${id}：应有 earliest <= at <= latest`,
  },
  'no-period': {
    en: () => 'is of no period that a node closes: expected one that begins before it ends, of at most three years',
    zh: () => '所列周期不是节点会关闭的周期：应先始后终，且不超过三年',
  },
  previous: {
    en: ({ version }) => `version ${version}: expected the version before it to be named, and none before the first`,
    zh: ({ version }) => `第 ${version} 版：应列出其前一版；第一版之前不应有版本`,
  },
  'calendar-parts': {
    en: ({ calendar }) => `the parts of the calendar are not those of ${calendar}, each moment of the period in one of them`,
    zh: ({ calendar }) => `日历各段并非 ${calendar} 的，或未恰好覆盖整个周期`,
  },
  'no-member': {
    en: ({ object, field }) => `${object} is no member of the objective in this period, by its ${field}`,
    zh: ({ object, field }) => `按 ${field}，${object} 在此周期内不是该目标的成员`,
  },
  calendar: {
    en: () => 'the counted spans are not what the calendar comes to in this time zone',
    zh: () => '计入时段与该时区下日历推算的结果不一致',
  },
  unusable: { en: ({ why }) => `nothing can be computed from it: ${why}`, zh: ({ why }) => `无法据此计算：${why}` },
  account: {
    en: ({ object, basis, field, says, comes }) => `${object}, ${basis}: ${field} says ${says}, the transitions come to ${comes}`,
    zh: ({ object, basis, field, says, comes }) => `${object}，${basis}：${field} 记为 ${says}，由状态变化算得 ${comes}`,
  },
  'account-missing': {
    en: ({ object, basis }) => `the account of ${object} (${basis}) is missing`,
    zh: ({ object, basis }) => `缺少 ${object} 的账目（${basis}）`,
  },
  figure: {
    en: ({ group, field, says, comes }) => `figure of ${group}: ${field} says ${String(says)}, the accounts come to ${String(comes)}`,
    zh: ({ group, field, says, comes }) => `${group} 的指标：${field} 记为 ${String(says)}，由账目算得 ${String(comes)}`,
  },
  'figure-missing': { en: ({ group }) => `the figure of ${group} is missing`, zh: ({ group }) => `缺少 ${group} 的指标` },
  'figure-unfounded': {
    en: ({ group }) => `a figure of ${group}, of which there are no accounts`,
    zh: ({ group }) => `有 ${group} 的指标，却没有它的账目`,
  },
  digest: {
    en: ({ says, comes }) => `the digest says ${says}, the lines before it come to ${comes}: something was changed`,
    zh: ({ says, comes }) => `摘要记为 ${says}，其前各行算得 ${comes}：内容被改动过`,
  },
  signature: {
    en: () => 'the signature is not one of this digest by the key it names',
    zh: () => '签名与所列公钥及摘要不符',
  },
  'signature-missing': { en: () => 'there is no signature: the file is cut short', zh: () => '没有签名行：文件不完整' },
  'after-signature': { en: () => 'stands behind the signature, so nobody signed it', zh: () => '位于签名行之后，未被签名' },
  'not-ended': { en: () => 'does not end with a line feed: the file is cut short', zh: () => '末尾没有换行：文件不完整' },
};

/** The fault as a sentence: `line 7: is not JSON`. */
export function faultText(fault: Fault, language: Language): string {
  const words = WORDS[fault.code][language] as (values: Fault['values']) => string;
  const said = words(fault.values);
  if (fault.line === null) return said;
  return language === 'zh' ? `第 ${fault.line} 行：${said}` : `line ${fault.line}: ${said}`;
}
