/** Chapter 5: enrolment, with an invitation. What comes out of it is who the rest of the test is. */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { EnrolmentAnswer, type EnrolmentRequest } from '@beacontower/contracts';
import { decodeInvitation, type InvitationToken } from '@beacontower/database';
import { spokenCode } from '@beacontower/domain';
import { checkRequest, type KeyPair, makeKeys, makeRequest, nameOf } from '../../certificates/x509.ts';
import { type Case, must, NotTried } from '../case.ts';
import { accepted, refused, Wire } from '../wire.ts';
import type { ProbeIdentity } from './probe.ts';

/** An invitation, and what became of it so far. */
export class Enrolling {
  readonly token: string;
  readonly node: string;
  readonly division: string;
  readonly invitation: InvitationToken;
  readonly onCode: (code: string) => void;
  readonly pauseMs: number;
  authority: string | null = null;
  keys: KeyPair | null = null;
  id: string | null = null;
  identity: ProbeIdentity | null = null;

  constructor(token: string, of: { node: string; division: string; onCode: (code: string) => void; pauseMs?: number }) {
    const invitation = decodeInvitation(token);
    if (invitation === null) throw new TypeError('this is no invitation');
    this.token = token;
    this.invitation = invitation;
    this.node = of.node;
    this.division = of.division;
    this.onCode = of.onCode;
    this.pauseMs = of.pauseMs ?? 3_000;
  }

  wire(): Wire {
    if (this.authority === null) throw new NotTried('the authority was not found');
    return new Wire({ url: this.invitation.url, authority: this.authority });
  }

  async asking(changes: Partial<EnrolmentRequest> = {}): Promise<EnrolmentRequest> {
    this.keys ??= await makeKeys();
    const { token, node, division } = this;
    const software = { name: 'conformance', version: '1' };
    return { token, node, division, name: '一致性测试', software, request: await makeRequest(node, this.keys), ...changes };
  }

  async ask(changes: Partial<EnrolmentRequest> = {}) {
    const wire = this.wire();
    try {
      return await wire.json('POST', '/enrolments', await this.asking(changes));
    } finally {
      await wire.close();
    }
  }

  async look(token = this.token) {
    const wire = this.wire();
    try {
      return await wire.send({ method: 'GET', path: `/enrolments/${this.id}`, headers: { authorization: `Bearer ${token}` } });
    } finally {
      await wire.close();
    }
  }
}

export const ENROLMENT_CASES: readonly Case<Enrolling>[] = [
  {
    id: 'enrolment.authority',
    chapter: 5,
    rule: { en: 'the authority that the invitation names is in the chain that is shown', zh: '出示的证书链中包含邀请所指明的签发机构' },
    async run(enrolling) {
      enrolling.authority = await findAuthority(enrolling.invitation);
      return enrolling.invitation.authority.slice(0, 16);
    },
  },
  {
    id: 'enrolment.token-invalid',
    chapter: 5,
    rule: { en: 'a token that is none is refused', zh: '无效令牌被拒绝' },
    run: async (enrolling) => refused(await enrolling.ask({ token: `bt1.${'A'.repeat(60)}` }), 'token-invalid').code,
  },
  {
    id: 'enrolment.other-node',
    chapter: 5,
    rule: { en: 'a node other than the invited one is refused', zh: '非受邀节点被拒绝' },
    run: async (enrolling) =>
      refused(await enrolling.ask({ node: `${enrolling.node.slice(0, 50)}-x` }), 'token-invalid', 'request-invalid').code,
  },
  {
    id: 'enrolment.other-division',
    chapter: 5,
    rule: { en: 'a division other than the invited one is refused', zh: '非受邀区划被拒绝' },
    run: async (enrolling) =>
      refused(await enrolling.ask({ division: `${enrolling.division}-x` }), 'token-invalid', 'request-invalid').code,
  },
  {
    id: 'enrolment.request-invalid',
    chapter: 5,
    rule: { en: 'a certificate request that does not verify is refused', zh: '验签不通过的证书请求被拒绝' },
    async run(enrolling) {
      const { request } = await enrolling.asking();
      return refused(await enrolling.ask({ request: tampered(request) }), 'request-invalid').code;
    },
  },
  {
    id: 'enrolment.code',
    chapter: 5,
    rule: { en: 'the request waits, with the code that the sender works out as well', zh: '申请等待审批，核对码与发送方自算一致' },
    async run(enrolling) {
      const { request } = await enrolling.asking();
      const code = spokenCode((await checkRequest(request))?.keyFingerprint ?? '');
      const answer = accepted(await enrolling.ask(), EnrolmentAnswer);
      must(answer.code === code, `${answer.code} instead of ${code}`);
      enrolling.id = answer.id;
      enrolling.onCode(code);
      return code;
    },
  },
  {
    id: 'enrolment.again',
    chapter: 5,
    rule: { en: 'the same token with the same key is the same request', zh: '同一令牌与密钥为同一申请' },
    async run(enrolling) {
      const { id } = accepted(await enrolling.ask(), EnrolmentAnswer);
      must(id === enrolling.id, 'it is another request');
      return 'the same request';
    },
  },
  {
    id: 'enrolment.token-used',
    chapter: 5,
    rule: { en: 'the same token with another key is refused', zh: '同一令牌配不同密钥被拒绝' },
    async run(enrolling) {
      const request = await makeRequest(enrolling.node, await makeKeys());
      return refused(await enrolling.ask({ request }), 'token-used').code;
    },
  },
  {
    id: 'enrolment.look-foreign',
    chapter: 5,
    rule: { en: 'nobody without the invitation sees the request', zh: '无邀请者看不到申请' },
    run: async (enrolling) => refused(await enrolling.look(`bt1.${'A'.repeat(60)}`), 'token-invalid').code,
  },
  {
    id: 'enrolment.approved',
    chapter: 5,
    rule: { en: 'once a person has approved it, the certificate names the node and its division', zh: '经人工批准后，证书载明节点与区划' },
    run: approved,
  },
];

async function approved(enrolling: Enrolling): Promise<string> {
  const { node, division, keys, authority, invitation } = enrolling;
  let answer = accepted(await enrolling.look(), EnrolmentAnswer);
  for (; answer.state === 'waiting'; answer = accepted(await enrolling.look(), EnrolmentAnswer)) await pause(enrolling.pauseMs);
  must(answer.state === 'approved' && answer.certificate !== null, `it was refused: ${answer.reason}`);
  if (keys === null || authority === null) throw new NotTried('nothing was asked for');
  const certificate = new X509Certificate(answer.certificate);
  const name = nameOf(certificate.subjectAltName);
  must(name?.node === node && name.division === division, `it is that of ${name?.node} for ${name?.division}`);
  must(certificate.checkPrivateKey(createPrivateKey(keys.privateKey)), 'it is for another key');
  must(certificate.verify(new X509Certificate(authority).publicKey), 'it was not issued by the authority');
  must(!certificate.ca, 'it could issue others');
  enrolling.identity = { url: invitation.url, authority, node, division, own: { certificate: answer.certificate, key: keys.privateKey } };
  return `until ${certificate.validTo}`;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The certificate with the fingerprint of the invitation, out of those that are shown, PEM. */
export async function findAuthority({ url, authority }: InvitationToken): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443), rejectUnauthorized: false });
  try {
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    let shown = socket.getPeerX509Certificate();
    for (let depth = 0; shown !== undefined && depth < 5; shown = shown.issuerCertificate, depth += 1)
      if (createHash('sha256').update(shown.raw).digest('hex') === authority) return shown.toString();
  } finally {
    socket.destroy();
  }
  must(false, 'no certificate with that fingerprint is shown');
}

function tampered(pem: string): string {
  const lines = pem.split('\n');
  const line = lines[2] ?? '';
  lines[2] = line.slice(0, 10) + (line[10] === 'A' ? 'B' : 'A') + line.slice(11);
  return lines.join('\n');
}
