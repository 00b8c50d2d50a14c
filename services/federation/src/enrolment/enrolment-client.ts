/** Asks a node above for a certificate: trusts the authority of the invitation and nobody else, and shows a certificate where there is one. */
import { About, EnrolmentAnswer, type EnrolmentRequest, FEDERATION_PATH, FederationProblem, RenewalAnswer } from '@beacontower/contracts';
import { OLDEST_TLS } from '@beacontower/runtime';
import { Agent, request } from 'undici';
import type { z } from 'zod';
import { ParentRefused, ParentUnclear } from '../uplink/client.ts';

const ANSWER_MS = 30_000;
const CONNECT_MS = 10_000;
const MOST_BYTES = 256 * 1024;

/** PEM. */
export interface EnrolmentTrust {
  readonly authority: string;
  /** What is shown; a node that asks to be let in has none yet. */
  readonly own?: { readonly certificate: string; readonly key: string };
}

/** Every call throws a `ParentRefused` with the code of the protocol, a `ParentUnclear`, or what the connection failed of. */
export class EnrolmentClient {
  readonly #url: string;
  readonly #agent: Agent;

  constructor(url: string, { authority, own }: EnrolmentTrust) {
    this.#url = url.replace(/\/+$/, '');
    this.#agent = new Agent({
      connections: 1,
      bodyTimeout: ANSWER_MS,
      headersTimeout: ANSWER_MS,
      maxResponseSize: MOST_BYTES,
      connect: {
        ca: authority,
        minVersion: OLDEST_TLS,
        timeout: CONNECT_MS,
        ...(own === undefined ? {} : { cert: own.certificate, key: own.key }),
      },
    });
  }

  about(): Promise<About> {
    return this.#call('GET', '/about', About);
  }

  ask(asked: EnrolmentRequest): Promise<EnrolmentAnswer> {
    return this.#call('POST', '/enrolments', EnrolmentAnswer, { body: asked });
  }

  look(id: string, token: string): Promise<EnrolmentAnswer> {
    return this.#call('GET', `/enrolments/${id}`, EnrolmentAnswer, { token });
  }

  /** With the certificate that is still good; `pem`: PKCS #10. */
  renew(pem: string): Promise<RenewalAnswer> {
    return this.#call('POST', '/renewals', RenewalAnswer, { body: { request: pem } });
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #call<T extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: T,
    { body, token }: { readonly body?: object; readonly token?: string } = {},
  ): Promise<z.infer<T>> {
    const answer = await request(`${this.#url}${FEDERATION_PATH}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode === 200) return read(schema, text);
    const seconds = Number(answer.headers['retry-after'] ?? Number.NaN);
    throw new ParentRefused(read(FederationProblem, text), Number.isFinite(seconds) ? seconds * 1_000 : null);
  }
}

function read<T extends z.ZodType>(schema: T, text: string): z.infer<T> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new ParentUnclear('what answers there does not speak the protocol of the federation');
  }
}
