/** The small values of the configuration: ids, durations, percentages, addresses, secrets. Each says in words what it expected. */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import type { SecretReference } from '../entities.ts';
import { type Complaint, type Text, text } from './fault.ts';

/** Raises a complaint in a value's transform. */
export function refuse(ctx: z.RefinementCtx, code: string, problem: Text, expected: Text, found?: string | null): never {
  const complaint: Complaint = found === undefined ? { code, problem, expected } : { code, problem, expected, found };
  ctx.addIssue({ code: 'custom', message: problem.en, params: { complaint } });
  return z.NEVER;
}

/** The complaint a value of this file raised, found again in zod's issue. */
export function complaintOf(issue: z.core.$ZodIssue): Complaint | null {
  return issue.code === 'custom' && issue.params !== undefined ? ((issue.params.complaint as Complaint | undefined) ?? null) : null;
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;
const ZONE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const DIVISION_ID = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

const matching = (pattern: RegExp, problem: Text, expected: Text) =>
  z.string().transform((value, ctx) => (pattern.test(value) ? value : refuse(ctx, 'bad-id', problem, expected)));

const badId = text('this cannot be an id', '不能作为标识');

/** A local id. It begins with a letter or a digit; no colon, no slash, no space, so that it can be part of other ids. */
export const Id = matching(
  ID,
  badId,
  text(
    'letters, digits, ".", "_" and "-", beginning with a letter or digit, at most 80',
    '字母、数字、“.”“_”“-”，以字母或数字开头，最多 80 个',
  ),
);
/** A zone's id is part of shard and queue names, which separate by dots. */
export const ZoneId = matching(
  ZONE_ID,
  badId,
  text('letters, digits, "_" and "-", beginning with a letter or digit, at most 40', '字母、数字、“_”“-”，以字母或数字开头，最多 40 个'),
);
export const DivisionId = matching(
  DIVISION_ID,
  text('this is not a division path', '不是区划路径'),
  text('lower-case names joined by dots, such as cn.gd.guangzhou', '以点连接的小写名称，例如 cn.gd.guangzhou'),
);
/** A reference: a local id, or a global one `<node>:<id>`. Whether it exists is seen later. */
export const Reference = z.string();

/** Text that is not blank. */
export const Words = z
  .string()
  .transform((value, ctx) =>
    value.trim() === '' ? refuse(ctx, 'blank', text('the text is blank', '文本为空'), text('some text', '非空文本')) : value.trim(),
  );

const notAPattern = text('this is not a pattern of interface names', '不是接口名称模式');
const patternExpected = text(
  'a name such as "GigabitEthernet0/0/1" or "GE0/0/*", or "alias:uplink*" for its description; "*" stands for any characters',
  '名称，如 "GigabitEthernet0/0/1"、"GE0/0/*"，或以 "alias:uplink*" 匹配接口描述；"*" 代表任意字符',
);
/** What no interface is called: it would be a regular expression, which patterns are not. */
const UNLIKELY = /^\^|\$$|\\|^\/.*\/$|\p{Cc}/u;

/** A pattern over ifName, ifDescr or, with `alias:` before it, ifAlias. */
export const InterfacePattern = z.string().transform((value, ctx) => {
  const pattern = value.trim();
  const bare = pattern.startsWith('alias:') ? pattern.slice('alias:'.length) : pattern;
  if (bare.trim() === '' || bare.length > 255 || UNLIKELY.test(pattern)) return refuse(ctx, 'bad-pattern', notAPattern, patternExpected);
  return pattern;
});

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/;
const durationExpected = text(
  'a number with a unit (ms, s, m, h), such as "10s" or "300ms"',
  '数字加单位（ms、s、m、h），例如 "10s" 或 "300ms"',
);

/** A duration such as `10s`, as milliseconds. */
export const Duration = z.unknown().transform((value, ctx): number => {
  const match = typeof value === 'string' ? DURATION.exec(value.trim()) : null;
  const number = match === null ? Number.NaN : Math.round(Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN));
  if (Number.isSafeInteger(number) && number > 0) return number;
  const problem = typeof value === 'number' ? text('a duration has no unit', '时长缺少单位') : text('this is not a duration', '不是时长');
  return refuse(ctx, 'bad-duration', problem, durationExpected);
});

const PERCENT = /^(\d{1,3}(?:\.\d+)?)\s*%$/;

/** `"99.97%"` or `0.9997` as the nearest number to the decimal written; no division that would round twice. */
function fractionOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? PERCENT.exec(value.trim()) : null;
  return match === null ? Number.NaN : Number(`${match[1]}e-2`);
}

/** An availability target, strictly between 0 and 1. */
export const Target = z.unknown().transform((value, ctx): number => {
  const fraction = fractionOf(value);
  if (fraction > 0 && fraction < 1) return fraction;
  return refuse(
    ctx,
    'bad-target',
    Number.isNaN(fraction) ? text('this is not a target', '不是目标值') : text('the target is outside (0, 1)', '目标值不在 (0, 1) 之内'),
    text('a percentage such as "99.97%" or a fraction such as 0.9997', '百分数如 "99.97%" 或小数如 0.9997'),
  );
});

/** A share from 0 to 1, such as `30%` or `0.3`. */
export const Share = z.unknown().transform((value, ctx): number => {
  const fraction = fractionOf(value);
  if (fraction >= 0 && fraction <= 1) return fraction;
  return refuse(
    ctx,
    'bad-share',
    text('this is not a share', '不是比例'),
    text('a percentage from "0%" to "100%" or a fraction from 0 to 1', '"0%" 至 "100%" 的百分数或 0 至 1 的小数'),
  );
});

const IPV4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const FAMILY_EXPECTED = {
  4: text('an IPv4 address such as 192.0.2.1', 'IPv4 地址，例如 192.0.2.1'),
  6: text('an IPv6 address such as 2001:db8::1', 'IPv6 地址，例如 2001:db8::1'),
  0: text('an IPv4 or IPv6 address', 'IPv4 或 IPv6 地址'),
} as const;

/** What is wrong with an address, or its one canonical text (RFC 5952). `family` 0 takes both. */
export function readAddress(value: string, family: 4 | 6 | 0): { address: string } | { code: string; problem: Text } {
  const bare = value.trim();
  if (bare.includes('/'))
    return { code: 'address-prefix', problem: text('this is a prefix, not one address', '这是网段前缀，不是单个地址') };
  if (bare.includes('%'))
    return {
      code: 'address-scope',
      problem: text('an address with a scope (%…) means another thing on each machine', '带作用域 (%…) 的地址在各机器上含义不同'),
    };
  const isFour = IPV4.test(bare);
  if (!isFour && !(bare.includes(':') && ipaddr.IPv6.isValid(bare)))
    return { code: 'not-an-address', problem: text('this is not an address', '不是 IP 地址') };
  if (isFour && family === 6)
    return { code: 'address-family', problem: text('an IPv4 address stands where IPv6 is wanted', '此处应为 IPv6，却是 IPv4 地址') };
  if (!isFour && family === 4)
    return { code: 'address-family', problem: text('an IPv6 address stands where IPv4 is wanted', '此处应为 IPv4，却是 IPv6 地址') };
  const parsed = isFour ? ipaddr.IPv4.parse(bare) : ipaddr.IPv6.parse(bare);
  const unfit = UNFIT[parsed.range()];
  if (unfit !== undefined) return unfit;
  return { address: parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString() };
}

const UNFIT: Readonly<Record<string, { code: string; problem: Text }>> = {
  multicast: { code: 'address-multicast', problem: text('this is a multicast address', '这是组播地址') },
  broadcast: { code: 'address-unfit', problem: text('this is the broadcast address', '这是广播地址') },
  unspecified: {
    code: 'address-unfit',
    problem: text('this address (:: or 0.0.0.0/8) means no host', '该地址（:: 或 0.0.0.0/8）不代表任何主机'),
  },
  linkLocal: { code: 'address-unfit', problem: text('a link-local address is only valid on one link', '链路本地地址仅在本链路有效') },
  ipv4Mapped: { code: 'address-family', problem: text('this is an IPv4 address in the form of IPv6', '这是以 IPv6 形式书写的 IPv4 地址') },
};

const address = (family: 4 | 6 | 0) =>
  z.string().transform((value, ctx): string => {
    const result = readAddress(value, family);
    return 'address' in result ? result.address : refuse(ctx, result.code, result.problem, FAMILY_EXPECTED[family]);
  });

export const Ipv4 = address(4);
export const Ipv6 = address(6);
export const AnyAddress = address(0);

const secretExpected = text(
  '{env: NAME} or {file: PATH}: the secret itself never stands in the configuration',
  '{env: 变量名} 或 {file: 路径}；密钥本身不得写入配置',
);

/** Where a secret is found. A literal one is refused without repeating it. */
export const Secret = z.unknown().transform((value, ctx): SecretReference => {
  const entries = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
  const [kind, name] = entries.length === 1 ? (entries[0] ?? []) : [];
  if (kind === 'env' && typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return { env: name };
  if (kind === 'file' && typeof name === 'string' && name.trim() !== '') return { file: name };
  const literal = entries.length === 0;
  return refuse(
    ctx,
    literal ? 'literal-secret' : 'bad-secret',
    literal
      ? text('a secret is written out in the configuration (not repeated here)', '配置中直接写入了密钥（此处不重复显示）')
      : text('this does not say where the secret is', '未说明密钥所在位置'),
    secretExpected,
    null,
  );
});

let zones: ReadonlySet<string> | null = null;
/** Time zones by name, for suggestions. */
export function timeZones(): ReadonlySet<string> {
  zones ??= new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);
  return zones;
}

/** A place's zone or UTC. Abbreviations are none: the runtime takes CST, which here is China's time, for that of Chicago. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name.includes('/') || /^(utc|gmt)$/i.test(name);
  } catch {
    return false;
  }
}

const link = (schemes: readonly string[], example: string) =>
  z.string().transform((value, ctx): string => {
    const expected = text(`an address such as ${example}, without a password in it`, `形如 ${example} 的地址，且不含口令`);
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null || !schemes.includes(url.protocol))
      return refuse(ctx, 'bad-url', text('this is not a web address', '不是网址'), expected);
    if (url.password === '' && url.username === '') return value;
    return refuse(ctx, 'literal-secret', text('the web address holds a user name or password', '网址中含有用户名或口令'), expected, null);
  });

export const WebLink = link(['http:', 'https:'], 'https://example.cn/page');
