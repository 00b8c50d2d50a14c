/** The calls of the protocol, as its document has them. */
import type { FederationCode } from '@beacontower/contracts';
import type { MessageName } from './messages.ts';

/** A parameter of a call: in its path or its query. */
export interface CallParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly schema: Readonly<Record<string, unknown>>;
  readonly description: string;
}

export interface Call {
  readonly method: 'get' | 'post' | 'put';
  /** Under `/federation/v1`. */
  readonly path: string;
  readonly summary: string;
  /** By what the speaker is known. */
  readonly by: 'certificate' | 'token' | 'nobody';
  readonly parameters: readonly CallParameter[];
  readonly body: { readonly type: 'application/json' | 'application/x-ndjson'; readonly message: MessageName } | null;
  /** Null: 204, without a body. */
  readonly answer: MessageName | null;
  /** What may refuse it, beside what may refuse any message. */
  readonly codes: readonly FederationCode[];
}

/** May refuse any call that needs a certificate. */
export const SPEAKER_CODES: readonly FederationCode[] = [
  'certificate-missing',
  'certificate-untrusted',
  'certificate-expired',
  'certificate-revoked',
  'certificate-foreign',
];
/** May refuse any call. */
export const COMMON_CODES: readonly FederationCode[] = [
  'message-invalid',
  'message-too-large',
  'encoding-unsupported',
  'busy',
  'unavailable',
];

const incarnation: CallParameter = {
  name: 'incarnation',
  in: 'query',
  schema: { type: 'string', format: 'uuid' },
  description: 'whose log it is',
};
const json = (message: MessageName) => ({ type: 'application/json' as const, message });
const common = { by: 'certificate' as const, parameters: [] as readonly CallParameter[], body: null };

const ENROLMENT: readonly Call[] = [
  { ...common, method: 'get', path: '/about', summary: 'who answers here', by: 'nobody', answer: 'About', codes: [] },
  {
    ...common,
    method: 'post',
    path: '/enrolments',
    summary: 'ask to be let in, with an invitation',
    by: 'token',
    body: json('EnrolmentRequest'),
    answer: 'EnrolmentAnswer',
    codes: ['token-invalid', 'token-expired', 'token-used', 'request-invalid', 'too-many-attempts'],
  },
  {
    ...common,
    method: 'get',
    path: '/enrolments/{id}',
    summary: 'whether it has been decided; the invitation is the bearer token',
    by: 'token',
    parameters: [{ name: 'id', in: 'path', schema: { type: 'string', format: 'uuid' }, description: 'of the request' }],
    answer: 'EnrolmentAnswer',
    codes: ['token-invalid', 'not-found', 'too-many-attempts'],
  },
  {
    ...common,
    method: 'post',
    path: '/renewals',
    summary: 'a new certificate, for a new key',
    body: json('RenewalRequest'),
    answer: 'RenewalAnswer',
    codes: ['request-invalid', 'renewal-too-early'],
  },
];

const UPWARDS: readonly Call[] = [
  {
    ...common,
    method: 'post',
    path: '/hello',
    summary: 'the first call of every connection',
    body: json('Hello'),
    answer: 'HelloAnswer',
    codes: ['version-unsupported', 'clock-off', 'out-of-scope', 'incarnation-superseded', 'history-differs'],
  },
  {
    ...common,
    method: 'post',
    path: '/log',
    summary: 'lines of the log, in their order: applied whole or not at all',
    parameters: [incarnation],
    body: { type: 'application/x-ndjson', message: 'Envelope' },
    answer: 'LogAnswer',
    codes: [
      'hello-needed',
      'sequence-gap',
      'sequence-known',
      'history-differs',
      'chain-broken',
      'envelope-invalid',
      'event-in-future',
      'out-of-scope',
      'object-unknown',
    ],
  },
  {
    ...common,
    method: 'put',
    path: '/snapshot',
    summary: 'the states of this moment; the latest wins',
    body: json('Snapshot'),
    answer: 'SnapshotAnswer',
    codes: ['hello-needed', 'snapshot-stale', 'snapshot-base-unknown', 'out-of-scope'],
  },
  {
    ...common,
    method: 'get',
    path: '/marks',
    summary: 'places of a log that are remembered, newest first',
    parameters: [incarnation],
    answer: 'Marks',
    codes: [],
  },
  {
    ...common,
    method: 'post',
    path: '/digests',
    summary: 'what the record of the receiver looks like',
    body: json('DigestQuery'),
    answer: 'DigestAnswer',
    codes: [],
  },
];

const number = (name: string, description: string): CallParameter => ({
  name,
  in: 'query',
  schema: { type: 'integer', minimum: 0 },
  description,
});

const DOWNWARDS: readonly Call[] = [
  {
    ...common,
    method: 'get',
    path: '/downward',
    summary: 'items for the sender, after a number; waits until there is something',
    parameters: [
      number('after', 'number of the last item that is known'),
      number('waitMs', 'how long to wait at most; no more than 60,000'),
    ],
    answer: 'DownwardAnswer',
    codes: [],
  },
  {
    ...common,
    method: 'post',
    path: '/receipts',
    summary: 'what became of items',
    body: json('Receipts'),
    answer: null,
    codes: ['receipt-unknown', 'receipt-differs'],
  },
];

export const CALLS: readonly Call[] = [...ENROLMENT, ...UPWARDS, ...DOWNWARDS];
