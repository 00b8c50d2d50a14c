/** Chapters 2 to 4: connections, certificates, encodings, sizes, and how a refusal reads. */
import { connect } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { About, MESSAGE_BYTES } from '@beacontower/contracts';
import { checkRequest, fingerprintOf, issueToNode, makeAuthority, makeKeys, makeRequest } from '../../certificates/x509.ts';
import { type Case, must, NotTried } from '../case.ts';
import { type Answered, accepted, refused, Wire, type WireOptions } from '../wire.ts';
import type { ReceiverContext } from './probe.ts';

const DAY_MS = 86_400_000;
const MEGABYTE = 1_024 * 1_024;

export const TRANSPORT_CASES: readonly Case<ReceiverContext>[] = [
  {
    id: 'tls.authority-shown',
    chapter: 2,
    rule: {
      en: "the receiver's port shows its certificate and, behind it, that of its authority",
      zh: '接收方端口先出示自身证书，其后附上签发机构证书',
    },
    async run({ identity }) {
      const { protocol, shown } = await handshake(identity);
      must(shown.includes(fingerprintOf(identity.authority)), `the authority is not among the ${shown.length} certificates that are shown`);
      return `${protocol}, ${shown.length} certificates`;
    },
  },
  {
    id: 'about.open',
    chapter: 3,
    rule: {
      en: 'GET /about answers without a certificate: versions, codes, the authority',
      zh: 'GET /about 无需证书即可应答：版本、代码、签发机构',
    },
    async run({ identity }) {
      const about = await withWire(identity, undefined, async (wire) =>
        accepted(await wire.send({ method: 'GET', path: '/about' }), About),
      );
      must(about.protocols.includes(1), `speaks ${about.protocols.join(', ')}`);
      must(about.authority === fingerprintOf(identity.authority), 'names another authority than the one it shows');
      return `${about.node}, ${about.software.name} ${about.software.version}, ${about.codes.length} codes`;
    },
  },
  certificateCase('missing', { en: 'without a certificate nothing but enrolment', zh: '未出示证书，只能入网申请' }, () => undefined),
  certificateCase('untrusted', { en: 'a certificate of another authority is refused', zh: '其他机构签发的证书被拒绝' }, forgedFor),
  certificateCase('expired', { en: 'an expired certificate is refused', zh: '过期证书被拒绝' }, ({ expired }) => given(expired)),
  certificateCase('revoked', { en: 'a revoked certificate is refused', zh: '已吊销证书被拒绝' }, ({ revoked }) => given(revoked)),
  {
    id: 'call.unknown',
    chapter: 4,
    rule: { en: 'a call that is not of the protocol is refused', zh: '协议之外的调用被拒绝' },
    run: async ({ probe }) => seen(refused(await probe.wire.send({ method: 'GET', path: '/no-such-call' }), 'not-found')),
  },
  refusal(
    'encoding.unknown',
    'encoding-unsupported',
    { en: 'an encoding other than gzip is refused', zh: '拒绝 gzip 之外的编码' },
    ({ probe }) => probe.wire.send({ method: 'POST', path: '/hello', body: '{}', headers: { 'content-encoding': 'br' } }),
  ),
  refusal('encoding.type', 'encoding-unsupported', { en: 'another content type is refused', zh: '拒绝其他内容类型' }, ({ probe }) =>
    probe.wire.send({ method: 'POST', path: '/hello', body: '{}', headers: { 'content-type': 'text/plain' } }),
  ),
  refusal('message.garbage', 'message-invalid', { en: 'what is no JSON is refused', zh: '非 JSON 内容被拒绝' }, ({ probe }) =>
    probe.wire.send({ method: 'POST', path: '/hello', body: '{"protocols":[1' }),
  ),
  refusal('message.not-utf8', 'message-invalid', { en: 'what is not UTF-8 is refused', zh: '非 UTF-8 内容被拒绝' }, ({ probe }) =>
    probe.wire.send({ method: 'POST', path: '/hello', body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) }),
  ),
  refusal(
    'message.broken-gzip',
    'message-invalid',
    { en: 'gzip that cannot be read is refused', zh: '无法解压的 gzip 被拒绝' },
    ({ probe }) => probe.wire.send({ method: 'POST', path: '/hello', body: 'this is no gzip', headers: { 'content-encoding': 'gzip' } }),
  ),
  refusal(
    'size.announced',
    'message-too-large',
    { en: 'a message announced as a gigabyte is refused at once', zh: '声明长度 1 GB 的消息立即被拒绝' },
    ({ probe }) =>
      probe.wire.send({ method: 'PUT', path: '/snapshot', body: spaces(64), headers: { 'content-length': String(1_024 * MEGABYTE) } }),
  ),
  refusal(
    'size.unannounced',
    'message-too-large',
    { en: 'a message without a length is cut off at the limit', zh: '未声明长度的消息到上限即被截断' },
    ({ probe }) => probe.wire.send({ method: 'PUT', path: '/snapshot', body: spaces(1_024) }),
  ),
  refusal(
    'size.bomb',
    'message-too-large',
    { en: 'a small message that hides a large one is refused', zh: '拒绝解压后超限的小消息（gzip 炸弹）' },
    ({ probe }) =>
      probe.wire.send({
        method: 'PUT',
        path: '/snapshot',
        body: gzipSync(Buffer.alloc(2 * MESSAGE_BYTES, 0x20)),
        headers: { 'content-encoding': 'gzip' },
      }),
  ),
];

const seen = ({ status, code }: { readonly status: number; readonly code: string }) => `${status} ${code}`;

function refusal(
  id: string,
  code: Parameters<typeof refused>[1],
  rule: Case<never>['rule'],
  send: (context: ReceiverContext) => Promise<Answered>,
): Case<ReceiverContext> {
  return { id, chapter: 4, rule, run: async (context) => seen(refused(await send(context), code as never)) };
}

function certificateCase(
  name: 'missing' | 'untrusted' | 'expired' | 'revoked',
  rule: Case<never>['rule'],
  certificate: (context: ReceiverContext) => WireOptions['own'] | Promise<WireOptions['own']>,
): Case<ReceiverContext> {
  return {
    id: `certificate.${name}`,
    chapter: 2,
    rule,
    run: async (context) => {
      const own = await certificate(context);
      const answer = await withWire(context.identity, own, (wire) => wire.json('POST', '/hello', context.probe.helloOf()));
      return seen(refused(answer, `certificate-${name}`));
    },
  };
}

function given(own: WireOptions['own']): WireOptions['own'] {
  if (own === undefined) throw new NotTried('no such certificate was given to the test');
  return own;
}

/** A certificate with the right names, by an authority that the test has just made. */
async function forgedFor({ identity, now }: ReceiverContext): Promise<NonNullable<WireOptions['own']>> {
  const life = { notBefore: now(), notAfter: now() + DAY_MS };
  const authority = await makeKeys();
  const certificate = await makeAuthority('another', authority, life);
  const keys = await makeKeys();
  const request = await checkRequest(await makeRequest(identity.node, keys));
  if (request === null) throw new TypeError('the test made a request that does not verify');
  const issued = await issueToNode({ certificate, privateKey: authority.privateKey }, request, identity, life);
  return { certificate: issued.certificate, key: keys.privateKey };
}

async function withWire<T>({ url, authority }: WireOptions, own: WireOptions['own'], work: (wire: Wire) => Promise<T>): Promise<T> {
  const wire = new Wire({ url, authority, ...(own === undefined ? {} : { own }) });
  try {
    return await work(wire);
  } finally {
    await wire.close();
  }
}

/** The version of TLS, and the fingerprints of what is shown. */
async function handshake({ url }: WireOptions): Promise<{ readonly protocol: string; readonly shown: readonly string[] }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443), rejectUnauthorized: false });
  try {
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    const shown: string[] = [];
    let certificate = socket.getPeerX509Certificate();
    // Nothing is trusted on this connection: what is in the chain came from the other side.
    for (; certificate !== undefined && shown.length < 5; certificate = certificate.issuerCertificate)
      shown.push(fingerprintOf(certificate.toString()));
    return { protocol: socket.getProtocol() ?? '', shown };
  } finally {
    socket.destroy();
  }
}

/** So many MiB of spaces, for as long as somebody reads them. */
async function* spaces(megabytes: number): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(MEGABYTE, 0x20);
  for (let sent = 0; sent < megabytes; sent += 1) yield piece;
}
