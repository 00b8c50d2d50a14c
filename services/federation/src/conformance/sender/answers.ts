/** How the played centre answers when nothing is played: as the protocol says. */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import {
  CAPABILITIES,
  DigestQuery,
  EnrolmentRequest,
  FEDERATION_CODE_NAMES,
  Hello,
  LOG_LIMITS,
  Receipts,
  RenewalRequest,
  Snapshot,
} from '@beacontower/contracts';
import { decodeInvitation } from '@beacontower/database';
import { spokenCode } from '@beacontower/domain';
import type { z } from 'zod';
import { checkRequest, fingerprintOf, issueToNode } from '../../certificates/x509.ts';
import { Refusal } from '../../protocol/refusal.ts';
import type { Heard, PlayedCentre } from './played-centre.ts';

const DAY_MS = 86_400_000;
const NODE = 'conformance-centre';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
const ok = (body: unknown): Answer => ({ status: 200, body });

export async function answerTo(centre: PlayedCentre, heard: Heard, request: IncomingMessage): Promise<Answer> {
  const { call } = heard;
  if (call === 'GET /about') return ok(about(centre));
  if (call === 'POST /enrolments') return ok(await enrol(centre, parse(EnrolmentRequest, heard.body)));
  if (call.startsWith('GET /enrolments/')) return ok(enrolled(centre));
  mustBeKnown(centre, request.socket as TLSSocket);
  const query = new URL(request.url ?? '', 'https://centre').searchParams;
  switch (call) {
    case 'POST /hello':
      return ok(hello(centre, parse(Hello, heard.body)));
    case 'POST /log':
      return ok(log(centre, heard, query.get('incarnation')));
    case 'PUT /snapshot':
      return ok(snapshot(centre, parse(Snapshot, heard.body)));
    case 'GET /marks':
      return ok({ marks: centre.record.marks.filter(({ incarnation }) => incarnation === query.get('incarnation')).slice(0, 1_000) });
    case 'POST /digests':
      parse(DigestQuery, heard.body);
      return ok({ applied: centre.record.place, digests: [] });
    case 'GET /downward':
      return ok(await downward(centre, Number(query.get('after')) || 0, Number(query.get('waitMs')) || 0));
    case 'POST /receipts':
      parse(Receipts, heard.body);
      return { status: 204, body: null };
    case 'POST /renewals':
      return ok(await renew(centre, parse(RenewalRequest, heard.body).request));
    default:
      throw new Refusal('not-found', 'there is no such call in this protocol');
  }
}

function parse<T extends z.ZodType>(schema: T, text: string): z.infer<T> {
  const parsed = schema.safeParse(json(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal('message-invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function about({ authority, options }: PlayedCentre) {
  return {
    node: NODE,
    protocols: [1],
    capabilities: [...CAPABILITIES],
    software: { name: 'conformance', version: '1' },
    authority: fingerprintOf(authority.certificate),
    time: options.now(),
    codes: [...FEDERATION_CODE_NAMES],
  };
}

async function enrol(centre: PlayedCentre, { token, node, division, request }: EnrolmentRequest) {
  if (decodeInvitation(token)?.secret !== centre.secret) throw new Refusal('token-invalid', 'this is not the invitation of the test');
  const { options } = centre;
  if (node !== options.node || division !== options.division) throw new Refusal('token-invalid', 'another node was invited');
  const checked = await checkRequest(request);
  if (checked === null) throw new Refusal('request-invalid', 'the request does not verify');
  if (centre.key !== null && centre.key !== checked.keyFingerprint)
    throw new Refusal('token-used', 'the invitation was used with another key');
  centre.key = checked.keyFingerprint;
  options.onRequest?.(spokenCode(checked.keyFingerprint));
  await issue(centre, request);
  return { ...enrolled(centre), code: spokenCode(checked.keyFingerprint), state: 'waiting', certificate: null };
}

const enrolled = ({ id, issued, authority }: PlayedCentre) => ({
  id,
  state: 'approved',
  code: '0000-0000',
  certificate: issued?.certificate ?? null,
  authority: authority.certificate,
  reason: null,
});

async function issue(centre: PlayedCentre, pem: string) {
  const checked = await checkRequest(pem);
  if (checked === null) throw new Refusal('request-invalid', 'the request does not verify');
  const { options, authority } = centre;
  const now = options.now();
  centre.issued = await issueToNode(authority, checked, options, { notBefore: now, notAfter: now + 30 * DAY_MS });
  return centre.issued;
}

async function renew(centre: PlayedCentre, pem: string) {
  const { certificate, notAfter } = await issue(centre, pem);
  return { certificate, authority: centre.authority.certificate, notAfter };
}

function mustBeKnown(_centre: PlayedCentre, socket: TLSSocket): void {
  if (socket.getPeerX509Certificate?.() === undefined) throw new Refusal('certificate-missing', 'show the certificate');
  if (!socket.authorized) throw new Refusal('certificate-untrusted', String(socket.authorizationError));
}

function hello(centre: PlayedCentre, said: Hello) {
  const { record, manners, options, issued } = centre;
  centre.hellos.push(said);
  if (said.node !== options.node) throw new Refusal('certificate-foreign', 'another node');
  if (said.division !== options.division) throw new Refusal('out-of-scope', 'another division');
  if (record.superseded.has(said.incarnation)) throw new Refusal('incarnation-superseded', 'a newer incarnation has spoken');
  const previous = said.incarnation === record.incarnation ? null : record.place;
  record.introduce(said.incarnation);
  return {
    protocol: 1,
    node: NODE,
    time: options.now(),
    offsetMs: said.time - options.now(),
    capabilities: [...CAPABILITIES],
    limits: { ...LOG_LIMITS, lines: manners.lines },
    snapshotEveryMs: manners.snapshotEveryMs,
    resume: manners.differing === said.incarnation ? record.differing() : record.place,
    previous,
    downward: manners.items.length,
    certificate: { serial: issued?.serial ?? '', notAfter: issued?.notAfter ?? 0 },
  };
}

function log({ record, manners }: PlayedCentre, heard: Heard, incarnation: string | null) {
  if (incarnation !== record.incarnation) throw new Refusal('hello-needed', 'say hello first');
  const count = heard.body.split('\n').length - 1;
  if (count > manners.lines) record.fault('limits', `a batch of ${count} lines, where ${manners.lines} were agreed`);
  const read = record.take(heard.body);
  if (!read.ok) throw new Refusal(read.code, read.detail, { resume: record.place ?? undefined, sequence: read.sequence });
  return { acknowledged: record.place, waitMs: manners.waitMs, digestsWanted: manners.digestsWanted };
}

function snapshot({ record, manners }: PlayedCentre, said: Snapshot) {
  if (said.incarnation !== record.incarnation) throw new Refusal('hello-needed', 'say hello first');
  if (!record.present(said)) throw new Refusal('snapshot-stale', 'a newer one is there');
  return { version: said.version, downward: manners.items.length, digestsWanted: manners.digestsWanted, nextMs: manners.snapshotEveryMs };
}

const LOOK_MS = 100;
const LONGEST_MS = 5_000;

/** The items after a number, as soon as there are any. */
async function downward({ manners }: PlayedCentre, after: number, waitMs: number) {
  for (let waited = 0; manners.items.length <= after && waited < Math.min(waitMs, LONGEST_MS); waited += LOOK_MS)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return { items: manners.items.slice(after) };
}
