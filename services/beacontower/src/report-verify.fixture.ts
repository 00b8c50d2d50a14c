/** For the tests of the verification: a small bundle as a node would have made it, and ways to bend it. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  type AccountLine,
  accountsOf,
  type EvidenceContext,
  type EvidenceLine,
  FigureFold,
  type MemberEvidence,
  ObjectiveBody,
  signedMessage,
  type TransitionLine,
} from '@beacontower/contracts';

const HOUR = 3_600_000;
export const FROM = Date.parse('2018-01-01T00:00:00+08:00');
export const TO = Date.parse('2018-07-01T00:00:00+08:00');
const id = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;

/** A key pair; the public half in base64 of SPKI. */
export function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
}
export type KeyPair = ReturnType<typeof keyPair>;

const objective = ObjectiveBody.parse({
  id: 'backbone',
  name: '骨干网',
  nameEn: null,
  class: 'backbone',
  objects: null,
  division: 'cn',
  target: 0.999,
  aggregate: 'mean',
  period: 'half-year',
  calendar: 'always',
  timeZone: 'Asia/Shanghai',
});

const context: EvidenceContext = {
  from: FROM,
  to: TO,
  counted: [{ from: FROM, to: TO }],
  plannedWork: [
    {
      line: 'planned-work',
      id: id(1),
      title: 'fibre',
      objects: ['bj:a'],
      divisions: [],
      from: FROM + 100 * HOUR,
      to: FROM + 110 * HOUR,
      createdAt: FROM,
      createdBy: 'li',
      approvedAt: FROM + HOUR,
      approvedBy: 'wang',
      cancelledAt: null,
      cancelledBy: null,
    },
  ],
  reclassifications: [
    {
      line: 'reclassification',
      id: id(2),
      effect: 'charge',
      objects: [],
      divisions: ['cn.gd'],
      from: FROM + 200 * HOUR,
      to: FROM + 300 * HOUR,
      party: 'carrier',
      reason: 'their cable',
      recordedAt: TO,
      recordedBy: 'li',
    },
  ],
};

function transition(number: number, object: string, to: 'up' | 'down', at: number): TransitionLine {
  const from = number % 10 === 0 ? 'unknown' : to === 'up' ? 'down' : 'up';
  return {
    line: 'transition',
    id: number,
    object,
    from,
    to,
    at,
    earliest: at - 5_000,
    latest: at + 5_000,
    reason: to === 'up' ? 'replied' : 'no-reply',
    decidedAt: at,
    recordedAt: at,
  };
}

function member(object: string, division: string, outages: readonly (readonly [number, number])[]): MemberEvidence {
  const first = object.charCodeAt(3) * 100;
  const changes = outages.flatMap(([down, up]): ['up' | 'down', number][] => [
    ['down', FROM + down * HOUR],
    ['up', FROM + up * HOUR],
  ]);
  return {
    member: {
      line: 'member',
      object,
      name: object,
      division,
      party: division,
      weight: 1,
      resolutionMs: 20_000,
      judgedUntil: TO,
      commission: [{ from: FROM, to: null, division, party: division }],
    },
    transitions: [
      transition(first, object, 'up', FROM + 10_000),
      ...changes.map(([to, at], index) => transition(first + index + 1, object, to, at)),
    ],
    charges: [
      { line: 'charge', object, incident: id(3), number: 7, from: FROM + 99 * HOUR, to: FROM + 120 * HOUR, cause: 'bj:a', party: 'cn.bj' },
    ],
  };
}

const MEMBERS = [
  member('bj:a', 'cn.bj', [[99, 112]]),
  member('bj:b', 'cn.gd', [
    [101, 102],
    [210, 220],
  ]),
  member('bj:c', 'cn.gd', []),
];

/** The lines of an honest bundle, without the signature. */
export function honestLines(): EvidenceLine[] {
  const fold = new FigureFold(objective);
  const members = structuredClone(MEMBERS).flatMap((evidence) => {
    const accounts = accountsOf(context, evidence);
    fold.add(evidence.member, accounts);
    const account = (basis: AccountLine['basis']): AccountLine => ({
      line: 'account',
      object: evidence.member.object,
      basis,
      ...accounts[basis],
    });
    return [evidence.member, ...evidence.transitions, ...evidence.charges, account('experienced'), account('responsible')];
  });
  return [
    {
      line: 'header',
      format: 'beacontower-evidence',
      version: 1,
      node: 'bj',
      figure: id(4),
      objective: 'backbone',
      from: FROM,
      to: TO,
      figureVersion: 1,
      knownUntil: TO,
      closedAt: TO,
      closedBy: 'assessor',
      reason: 'the period ended',
      inventoryVersion: 1,
      previous: null,
    },
    { line: 'objective', body: structuredClone(objective) },
    { line: 'calendar', versions: [{ from: FROM, to: TO, body: null }], counted: [[FROM, TO]] },
    ...structuredClone(context.plannedWork),
    ...structuredClone(context.reclassifications),
    ...members,
    ...fold.figures().map((figure) => ({ line: 'figure' as const, ...figure })),
  ];
}

/** The lines as text, sealed with the key: what whoever has that key can make of any lines. */
export function sealed(lines: readonly unknown[], { privateKey, publicKey }: KeyPair): string {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  const signature = sign(null, signedMessage(sha256), privateKey).toString('base64');
  return `${text}${JSON.stringify({ line: 'signature', algorithm: 'Ed25519', sha256, publicKey, signature })}\n`;
}

/** Text in chunks of so many bytes. */
export async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
