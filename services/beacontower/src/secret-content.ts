/** Whether a secret that was found is what it must be: a web address, or certificates. Never says what it is. */
import { X509Certificate } from 'node:crypto';
import { localTarget, type SecretHolds } from '@beacontower/contracts';
import type { Trouble } from './secret-check.ts';

/** What is wrong with a secret's content; null: nothing. `name` is where it was found, and may be shown. */
export function unfitSecret(value: string, holds: SecretHolds, name: string): Trouble | null {
  if (holds.what === 'certificates') return isCertificate(value) ? null : noCertificates(name);
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return noWebAddress(name);
  return !holds.allowLocal && localTarget(url.hostname) !== null ? local(name) : null;
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

const CHANNEL_IS_DEAD = { en: 'this channel could send nothing', zh: '该通道将无法发送' };

const noWebAddress = (name: string): Trouble => ({
  severity: 'error',
  code: 'secret-not-a-url',
  cause: { en: `what ${name} holds is not a web address (not repeated here)`, zh: `${name} 的内容不是网址（此处不重复显示）` },
  consequence: CHANNEL_IS_DEAD,
  expected: { en: 'the whole address of the robot, from https:// on', zh: '机器人的完整地址，以 https:// 开头' },
});
const local = (name: string): Trouble => ({
  severity: 'error',
  code: 'local-target',
  cause: {
    en: `the address in ${name} is this machine, its link or a cloud's metadata service`,
    zh: `${name} 中的地址是本机、本链路或云平台元数据服务`,
  },
  consequence: { en: 'messages are not sent there', zh: '不会向其发送消息' },
  expected: { en: 'a host of the network, or "allowLocal: true" where this is meant', zh: '网络中的主机；确有此意时写 "allowLocal: true"' },
});
const noCertificates = (name: string): Trouble => ({
  severity: 'error',
  code: 'secret-not-certificates',
  cause: { en: `what ${name} holds is not a certificate`, zh: `${name} 的内容不是证书` },
  consequence: CHANNEL_IS_DEAD,
  expected: { en: 'certificates in PEM, from -----BEGIN CERTIFICATE----- on', zh: 'PEM 格式的证书，以 -----BEGIN CERTIFICATE----- 开头' },
});
