import { readFile } from 'node:fs/promises';
import type { EntityBody, Fault, SecretUse } from '@beacontower/contracts';
import { environmentVariable } from '@beacontower/runtime';

type Trouble = Pick<Fault, 'code' | 'problem' | 'expected'>;

/**
 * Warns of each secret that cannot be had by this process, so that it is not found out by an alarm that cannot be sent. Only a
 * warning: the node may run elsewhere. Says the reference, never a value.
 */
export async function checkSecrets(secrets: readonly SecretUse[]): Promise<Fault[]> {
  const looked = await Promise.all(secrets.map(async ({ reference, place }) => ({ place, trouble: await troubleOf(reference) })));
  return looked.flatMap(({ place, trouble }) =>
    trouble === null ? [] : [{ severity: 'warning' as const, ...place, ...trouble, found: null }],
  );
}

/** The same for channels that were applied earlier, of which no file is at hand: a line for each. */
export async function checkStoredSecrets(channels: readonly EntityBody<'channel'>[]): Promise<string[]> {
  const references = channels.flatMap((channel) =>
    (channel.kind === 'webhook' ? [channel.secret] : [channel.ca, channel.password]).flatMap((reference) =>
      reference === null ? [] : [{ channel: channel.id, reference }],
    ),
  );
  const looked = await Promise.all(references.map(async ({ channel, reference }) => ({ channel, trouble: await troubleOf(reference) })));
  return looked.flatMap(({ channel, trouble }) => (trouble === null ? [] : [`warning: channel "${channel}": ${trouble.problem.en}`]));
}

async function troubleOf(reference: SecretUse['reference']): Promise<Trouble | null> {
  if ('env' in reference) return environmentVariable(reference.env) === undefined ? notSet(reference.env) : null;
  try {
    return (await readFile(reference.file, 'utf8')).trim() === '' ? unreadable(reference.file, 'EMPTY') : null;
  } catch (error) {
    return unreadable(reference.file, (error as NodeJS.ErrnoException).code ?? 'unknown error');
  }
}

const notSet = (name: string): Trouble => ({
  code: 'secret-not-set',
  problem: {
    en: `the environment variable ${name} is not set here: without it this channel sends nothing`,
    zh: `此处未设置环境变量 ${name}：没有它，该通道无法发送`,
  },
  expected: { en: `${name} set where the node is started ("beacontower up")`, zh: `在启动节点（"beacontower up"）的环境中设置 ${name}` },
});

const unreadable = (file: string, code: string): Trouble => ({
  code: 'secret-unreadable',
  problem: {
    en: `the secret file ${file} cannot be read here (${code}): without it this channel sends nothing`,
    zh: `此处无法读取密钥文件 ${file}（${code}）：没有它，该通道无法发送`,
  },
  expected: { en: 'a file with the secret that the account of the node may read', zh: '节点所用账户可读的密钥文件' },
});
