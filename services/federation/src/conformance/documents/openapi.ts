import { DownwardItem, FEDERATION_CODES, FEDERATION_PATH, type FederationCode, LogPlace } from '@beacontower/contracts';
import { z } from 'zod';
import { CALLS, type Call, COMMON_CODES, SPEAKER_CODES } from './calls.ts';
import { MESSAGES, type MessageName } from './messages.ts';

/** What several messages hold. */
const PARTS = { LogPlace, DownwardItem };

const reference = (message: MessageName) => ({ $ref: `#/components/schemas/${message}` });

/** The calls of the protocol as OpenAPI 3.1. */
export function openApi(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const call of CALLS) paths[call.path] = { ...paths[call.path], [call.method]: operation(call) };
  return {
    openapi: '3.1.0',
    info: { title: 'Beacontower federation protocol', version: '1', description: 'docs/federation/protocol.md says what a schema cannot.' },
    servers: [{ url: `https://receiver.example${FEDERATION_PATH}` }],
    paths,
    components: {
      schemas: schemas(),
      securitySchemes: {
        certificate: { type: 'mutualTLS', description: 'the certificate of the node' },
        token: { type: 'http', scheme: 'bearer', description: 'the invitation' },
      },
    },
  };
}

/** Every message once; those that hold others refer to them. */
function schemas(): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries({ ...MESSAGES, ...PARTS })) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` }).schemas;
  return Object.fromEntries(Object.entries(made).map(([id, { $schema, $id, ...schema }]) => [id, schema]));
}

function operation({ method, path, summary, by, parameters, body, answer, codes }: Call): Record<string, unknown> {
  const known = [...(by === 'certificate' ? SPEAKER_CODES : []), ...codes, ...COMMON_CODES];
  return {
    operationId: `${method}${path.replaceAll(/[^a-z]+([a-z]?)/g, (_all, first: string) => first.toUpperCase())}`,
    summary,
    ...(by === 'nobody' || path === '/enrolments' ? { security: [] } : { security: [{ [by]: [] }] }),
    ...(parameters.length === 0
      ? {}
      : { parameters: parameters.map((each) => ({ ...each, required: each.in === 'path' || each.name === 'incarnation' })) }),
    ...(body === null ? {} : { requestBody: { required: true, content: { [body.type]: bodyOf(body) } } }),
    responses: { ...success(answer), ...refusals(known) },
  };
}

function bodyOf({ type, message }: NonNullable<Call['body']>): Record<string, unknown> {
  if (type === 'application/json') return { schema: reference(message) };
  return { schema: { type: 'string', description: `lines, each one a JSON document of the schema ${message}, ended by a line feed` } };
}

function success(answer: MessageName | null): Record<string, unknown> {
  if (answer === null) return { '204': { description: 'taken' } };
  return { '200': { description: 'taken', content: { 'application/json': { schema: reference(answer) } } } };
}

function refusals(codes: readonly FederationCode[]): Record<string, unknown> {
  const byStatus = new Map<number, FederationCode[]>();
  for (const code of codes) {
    const { status } = FEDERATION_CODES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { 'application/problem+json': { schema: reference('FederationProblem') } };
  return Object.fromEntries([...byStatus].map(([status, of]) => [String(status), { description: of.join(', '), content }]));
}
