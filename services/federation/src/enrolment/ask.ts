/** `POST /enrolments` and `GET /enrolments/{id}`: a node that has an invitation asks to be let in, and asks again until a person has decided. */
import { randomUUID } from 'node:crypto';
import { type EnrolmentAnswer, EnrolmentRequest, FEDERATION_PATH } from '@beacontower/contracts';
import {
  askEnrolment,
  decodeInvitation,
  hashToken,
  lockOwnEnrolment,
  type Queryable,
  type StoredEnrolment,
  saveEnrolmentCertificate,
} from '@beacontower/database';
import { spokenCode } from '@beacontower/domain';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checkRequest } from '../certificates/x509.ts';
import { parse } from '../inbox/bodies.ts';
import type { CallContext } from '../inbox/listener.ts';
import { Refusal } from '../protocol/refusal.ts';
import { TokenAttempts } from './attempts.ts';
import { type Issuer, invalidRequest, issueCertificate } from './issue.ts';

/** A request and what surrounds it: nobody who has no certificate sends more. */
const MOST_BYTES = 32 * 1024;
const Params = z.object({ id: z.uuid() });
const BEARER = /^Bearer (\S{1,512})$/;

const WORDS: Readonly<Record<'token-invalid' | 'token-expired' | 'token-used', string>> = {
  'token-invalid': 'the token opens nothing here: it is not one of ours, or the invitation was withdrawn',
  'token-expired': 'the invitation has expired: ask for another',
  'token-used': 'the token was used with another key: if that was not you, say so at once to whoever invited you',
};

export function registerAsking(app: FastifyInstance, context: CallContext, issuer: Issuer): void {
  const attempts = new TokenAttempts(context.clock);
  app.post(
    `${FEDERATION_PATH}/enrolments`,
    { config: { open: true }, bodyLimit: MOST_BYTES },
    async (request): Promise<EnrolmentAnswer> => {
      attempts.check(request.ip);
      const enrolment = await ask(context, issuer, parse(EnrolmentRequest, request.body), request.ip, attempts);
      return answerOf(enrolment, issuer);
    },
  );
  app.get(`${FEDERATION_PATH}/enrolments/:id`, { config: { open: true } }, async (request): Promise<EnrolmentAnswer> => {
    attempts.check(request.ip);
    const { id } = parse(Params, request.params);
    const secret = decodeInvitation(BEARER.exec(request.headers.authorization ?? '')?.[1] ?? '')?.secret ?? '';
    const found = await context.database.transaction(async (tx) => {
      const enrolment = await lockOwnEnrolment(tx, id, hashToken(secret));
      return enrolment === null ? null : withCertificate(tx, context, issuer, enrolment);
    });
    if (found !== null) return answerOf(found, issuer);
    attempts.failed(request.ip);
    throw new Refusal('token-invalid', WORDS['token-invalid']);
  });
}

async function ask(
  context: CallContext,
  issuer: Issuer,
  asked: EnrolmentRequest,
  source: string,
  attempts: TokenAttempts,
): Promise<StoredEnrolment> {
  const { database, clock, metrics } = context;
  const secret = decodeInvitation(asked.token)?.secret ?? '';
  const checked = await checkRequest(asked.request);
  const { node, division, name, request } = asked;
  const software = `${asked.software.name} ${asked.software.version}`;
  const given = { id: randomUUID(), node, division, name, software, request, source, keyFingerprint: checked?.keyFingerprint ?? '' };
  const result = await database.transaction(async (tx) => {
    // A token that is none is told first: whoever has no invitation learns nothing else.
    const done = await askEnrolment(tx, hashToken(secret), given, clock.now(), checked !== null);
    return 'enrolment' in done ? { ...done, enrolment: await withCertificate(tx, context, issuer, done.enrolment) } : done;
  });
  metrics.enrolments.inc({ outcome: result.outcome });
  if ('enrolment' in result) return result.enrolment;
  if (result.outcome === 'key-invalid') throw invalidRequest();
  if (result.outcome === 'request-invalid') throw new Refusal('request-invalid', result.detail);
  attempts.failed(source);
  throw new Refusal(result.outcome, WORDS[result.outcome]);
}

/** Issues the certificate of a request that was approved, once: its life begins when it is fetched. */
async function withCertificate(
  tx: Queryable,
  { clock, metrics }: CallContext,
  issuer: Issuer,
  enrolment: StoredEnrolment,
): Promise<StoredEnrolment> {
  const { id, state, decidedBy } = enrolment;
  if (state !== 'approved' || enrolment.certificate !== null) return enrolment;
  const { certificate } = await issueCertificate(tx, issuer, enrolment, { now: clock.now(), actor: decidedBy ?? 'enrolment' });
  await saveEnrolmentCertificate(tx, id, certificate);
  metrics.certificates.inc({ use: 'enrolment' });
  return { ...enrolment, certificate };
}

function answerOf({ id, state, keyFingerprint, certificate, reason }: StoredEnrolment, { authority }: Issuer): EnrolmentAnswer {
  return { id, state, code: spokenCode(keyFingerprint), certificate, authority: authority.certificate, reason };
}
