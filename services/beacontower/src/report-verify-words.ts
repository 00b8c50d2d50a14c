/** The words of `beacontower report verify`. */
import { keyFingerprint } from '@beacontower/runtime';
import type { Verification } from './report-verify.ts';

/** What `--help` says of it. */
export const VERIFY_DETAILS = [
  'verify FILE       checks an evidence bundle: no node, no network, no database is needed',
  '  --key FILE|BASE64  the key to be trusted, as GET /api/v1/signing-keys gives it; may be repeated',
  '  exit code: 0 everything agrees and a trusted key signed it, 1 something does not agree,',
  '             2 everything agrees, but no key that you named as trusted signed it',
];

const percent = (fraction: number | null | undefined) => (fraction == null ? '–' : `${(fraction * 100).toFixed(4)}%`);
const time = (at: number) => new Date(at).toISOString();
const keyName = (key: string) => `${key} (${keyFingerprint(key)})`;

/** What the verification says. */
export const VERIFY_WORDS = {
  en: {
    head: (file: string, { lines, members, transitions }: Verification) =>
      `${file}: ${lines} lines, ${members} members, ${transitions} transitions`,
    about: ({ header, whole }: Verification) =>
      header === null
        ? ''
        : `${header.objective}, ${time(header.from)} to ${time(header.to)}, version ${header.figureVersion}, closed ${time(header.closedAt)} by ${header.closedBy}: ` +
          `availability ${percent(whole?.experienced.availability)} (${percent(whole?.experienced.lowest)} to ${percent(whole?.experienced.highest)})`,
    more: (count: number) => `  and ${count} more`,
    fails: (count: number) => `DOES NOT AGREE: ${count} ${count === 1 ? 'fault' : 'faults'}`,
    agrees: 'every account follows from the transitions, every figure from the accounts; digest and signature agree',
    trusted: (key: string) => `signed by ${keyName(key)}, which you trust`,
    unnamed: (key: string) => `signed by ${keyName(key)}, which you did not name as trusted (--key)`,
    another: (key: string) => `signed by ${keyName(key)}, which is none of those that you named as trusted`,
  },
  zh: {
    head: (file: string, { lines, members, transitions }: Verification) =>
      `${file}：${lines} 行，${members} 个成员，${transitions} 次状态变化`,
    about: ({ header, whole }: Verification) =>
      header === null
        ? ''
        : `${header.objective}，${time(header.from)} 至 ${time(header.to)}，第 ${header.figureVersion} 版，${header.closedBy} 于 ${time(header.closedAt)} 关账：` +
          `可用率 ${percent(whole?.experienced.availability)}（${percent(whole?.experienced.lowest)} 至 ${percent(whole?.experienced.highest)}）`,
    more: (count: number) => `  另有 ${count} 处`,
    fails: (count: number) => `不一致：${count} 处`,
    agrees: '各账目均可由状态变化算得，各指标均可由账目算得；摘要与签名相符',
    trusted: (key: string) => `签名密钥 ${keyName(key)}，为您所信任`,
    unnamed: (key: string) => `签名密钥 ${keyName(key)}，您未将其列为可信（--key）`,
    another: (key: string) => `签名密钥 ${keyName(key)}，不在您列为可信的密钥之中`,
  },
} as const;
