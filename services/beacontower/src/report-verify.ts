/** Checks an evidence bundle without a node, a network or a database (decision 0014). */
import { createHash } from 'node:crypto';
import { EvidenceLine, type FigureNumbers, type HeaderLine, type SignatureLine, signedMessage } from '@beacontower/contracts';
import { isSignedBy } from '@beacontower/runtime';
import { BundleCheck } from './report-verify-check.ts';
import type { Fault } from './report-verify-faults.ts';
import { LONGEST_LINE_BYTES, linesOf, type RawLine } from './report-verify-lines.ts';

/** So many faults are named; all are counted. */
export const MOST_FAULTS_NAMED = 1_000;

/** What was found. Without faults everything agrees and the signature is one of `publicKey`; whether that key is to be trusted is another question. */
export interface Verification {
  readonly faults: readonly Fault[];
  readonly faultCount: number;
  /** The key that the bundle says it was signed by (base64 of SPKI); null without a signature line. */
  readonly publicKey: string | null;
  readonly header: HeaderLine | null;
  readonly whole: FigureNumbers | null;
  readonly lines: number;
  readonly members: number;
  readonly transitions: number;
}

/** Reads the bundle once, from its beginning to its end, with memory for one member. Nothing in it makes this throw. */
export async function verifyBundle(chunks: AsyncIterable<Uint8Array>): Promise<Verification> {
  const faults: Fault[] = [];
  let faultCount = 0;
  const fault = (found: Fault) => {
    faultCount++;
    if (faults.length < MOST_FAULTS_NAMED) faults.push(found);
  };
  const check = new BundleCheck(fault);
  const hash = createHash('sha256');
  let signature: SignatureLine | undefined;
  let lines = 0;
  let isBehind = false;
  for await (const raw of linesOf(chunks)) {
    const isNew = raw.number > lines;
    lines = raw.number;
    const line = isNew || raw.text !== null ? parseLine(raw, fault) : undefined;
    if (!raw.ended && raw.text !== null) fault({ line: raw.number, code: 'not-ended', values: {} });
    if (signature !== undefined) {
      if (!isBehind) fault({ line: raw.number, code: 'after-signature', values: {} });
      isBehind = true;
      continue;
    }
    if (line?.line === 'signature') {
      signature = line;
      checkSignature(raw.number, line, hash.digest('hex'), fault);
      continue;
    }
    hash.update(raw.bytes);
    if (line !== undefined) check.take(raw.number, line);
  }
  check.finish();
  if (signature === undefined) fault({ line: null, code: 'signature-missing', values: {} });
  return {
    faults,
    faultCount,
    publicKey: signature?.publicKey ?? null,
    header: check.header ?? null,
    whole: check.whole ?? null,
    lines,
    members: check.members,
    transitions: check.transitions,
  };
}

function parseLine({ number, text }: RawLine, fault: (found: Fault) => void): EvidenceLine | undefined {
  if (text === null) {
    fault({ line: number, code: 'too-long', values: { limit: LONGEST_LINE_BYTES } });
    return undefined;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    fault({ line: number, code: 'not-json', values: {} });
    return undefined;
  }
  const parsed = EvidenceLine.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') || 'line';
  fault({ line: number, code: 'not-a-line', values: { path, expected: issue?.message ?? 'unknown' } });
  return undefined;
}

function checkSignature(line: number, said: SignatureLine, comes: string, fault: (found: Fault) => void): void {
  if (said.sha256 !== comes) fault({ line, code: 'digest', values: { says: said.sha256, comes } });
  if (!isSignedBy(said.publicKey, signedMessage(said.sha256), said.signature)) fault({ line, code: 'signature', values: {} });
}
