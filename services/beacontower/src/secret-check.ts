import { readFile } from 'node:fs/promises';
import type { EntityBody, Fault, Place, SecretHolds, SecretReference, SecretUse, Text } from '@beacontower/contracts';
import { environmentVariable } from '@beacontower/runtime';
import { unfitSecret } from './secret-content.ts';

/** Why a secret cannot be had or used, and what follows from it; without a value. */
export interface Trouble extends Pick<Fault, 'severity' | 'code' | 'expected'> {
  readonly cause: Text;
  readonly consequence: Text;
}

/** The fault that a trouble with a secret is, at the place that names it. */
export function troubleAt(place: Place, trouble: Trouble): Fault {
  const { severity, code, expected, cause, consequence } = trouble;
  const problem = { en: `${cause.en}: ${consequence.en}`, zh: `${cause.zh}：${consequence.zh}` };
  return { ...place, severity, code, problem, expected, found: null };
}

/**
 * Says of each secret that cannot be had by this process, so that it is not found out by an alarm that cannot be sent. Only a
 * warning: the node may run elsewhere. What was found and is too short is an error. Says the reference, never a value.
 */
export async function checkSecrets(secrets: readonly SecretUse[]): Promise<Fault[]> {
  const looked = await Promise.all(secrets.map(async (use) => ({ place: use.place, found: await lookUpSecret(use) })));
  return looked.flatMap(({ place, found }) => ('trouble' in found ? [troubleAt(place, found.trouble)] : []));
}

/** The same for channels that were applied earlier, of which no file is at hand: a line for each. */
export async function checkStoredSecrets(channels: readonly EntityBody<'channel'>[]): Promise<string[]> {
  const references = channels.flatMap((channel) =>
    secretsOfChannel(channel).flatMap(({ reference, holds }) =>
      reference === null ? [] : [{ channel: channel.id, use: { reference, of: 'channel' as const, least: 1, ...(holds && { holds }) } }],
    ),
  );
  const looked = await Promise.all(references.map(async ({ channel, use }) => ({ channel, found: await lookUpSecret(use) })));
  return looked.flatMap(({ channel, found }) =>
    'trouble' in found ? [`warning: channel "${channel}": ${found.trouble.cause.en}: ${found.trouble.consequence.en}`] : [],
  );
}

/**
 * Variables of the environment that hold secrets of credentials and of nothing else. They are looked up where a configuration is applied,
 * and sealed: no other process of the node needs them, least of all the one that answers the network.
 */
export function credentialVariables(secrets: readonly SecretUse[]): Set<string> {
  const of = (kind: SecretUse['of']) => secrets.flatMap((use) => (use.of === kind && 'env' in use.reference ? [use.reference.env] : []));
  const channels = new Set(of('channel'));
  return new Set(of('credential').filter((name) => !channels.has(name)));
}

/** Looks a secret up; one line end after it in a file is not part of it. */
export async function lookUpSecret(use: Omit<SecretUse, 'place'>): Promise<{ readonly value: string } | { readonly trouble: Trouble }> {
  const { reference } = use;
  let value: string;
  if ('env' in reference) {
    const given = environmentVariable(reference.env);
    if (given === undefined) return { trouble: notSet(reference.env, use.of) };
    value = given;
  } else {
    try {
      value = (await readFile(reference.file, 'utf8')).replace(/\r?\n$/, '');
    } catch (error) {
      return { trouble: unreadable(reference.file, (error as NodeJS.ErrnoException).code ?? 'unknown error', use.of) };
    }
    if (value.trim() === '') return { trouble: unreadable(reference.file, 'EMPTY', use.of) };
  }
  if (value.length < use.least) return { trouble: tooShort(use) };
  const unfit = use.holds === undefined ? null : unfitSecret(value, use.holds, nameOf(reference));
  return unfit === null ? { value } : { trouble: unfit };
}

const nameOf = (reference: SecretReference): string => ('env' in reference ? reference.env : reference.file);

const WITHOUT = {
  channel: { en: 'without it this channel sends nothing', zh: '没有它，该通道无法发送' },
  credential: { en: 'without it this credential cannot be applied', zh: '没有它，该凭据无法应用' },
} as const;

const notSet = (name: string, of: SecretUse['of']): Trouble => ({
  severity: 'warning',
  code: 'secret-not-set',
  cause: { en: `the environment variable ${name} is not set here`, zh: `此处未设置环境变量 ${name}` },
  consequence: WITHOUT[of],
  expected:
    of === 'channel'
      ? { en: `${name} set where the node is started ("beacontower up")`, zh: `在启动节点（"beacontower up"）的环境中设置 ${name}` }
      : {
          en: `${name} set where the configuration is applied ("beacontower apply", "beacontower up")`,
          zh: `在应用配置（"beacontower apply"、"beacontower up"）的环境中设置 ${name}`,
        },
});

const unreadable = (file: string, code: string, of: SecretUse['of']): Trouble => ({
  severity: 'warning',
  code: 'secret-unreadable',
  cause: { en: `the secret file ${file} cannot be read here (${code})`, zh: `此处无法读取密钥文件 ${file}（${code}）` },
  consequence: WITHOUT[of],
  expected: { en: 'a file with the secret that the account of the node may read', zh: '节点所用账户可读的密钥文件' },
});

const tooShort = ({ reference, least }: Omit<SecretUse, 'place'>): Trouble => {
  const where = nameOf(reference);
  return {
    severity: 'error',
    code: 'secret-too-short',
    cause: { en: `the key in ${where} has fewer than ${least} characters`, zh: `${where} 中的密钥不足 ${least} 个字符` },
    consequence: { en: 'SNMP agents refuse it (RFC 3414, 11.2)', zh: 'SNMP 代理会拒绝（RFC 3414 第 11.2 节）' },
    expected: { en: `at least ${least} characters`, zh: `不少于 ${least} 个字符` },
  };
};

/** Every secret that a channel refers to, and what it must hold. */
function secretsOfChannel(channel: EntityBody<'channel'>): { readonly reference: SecretReference | null; readonly holds?: SecretHolds }[] {
  const ca = { reference: channel.ca, holds: { what: 'certificates' as const } };
  switch (channel.kind) {
    case 'webhook':
      return [{ reference: channel.secret }, ca];
    case 'email':
      return [ca, { reference: channel.password }];
    case 'wecom':
      return [robotUrl(channel), ca];
    case 'dingtalk':
    case 'feishu':
      return [robotUrl(channel), { reference: channel.secret }, ca];
    case 'gateway':
      return [...Object.values(channel.secrets).map((reference) => ({ reference })), ca];
    case 'alertmanager':
      return [{ reference: channel.token }, ca];
  }
}

const robotUrl = ({ url, allowLocal }: { readonly url: SecretReference; readonly allowLocal: boolean }) => ({
  reference: url,
  holds: { what: 'web-address' as const, allowLocal },
});
