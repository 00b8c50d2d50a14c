/** The chain of a log: each line names the hash of the bytes of the line before it (decision 0026). */
import { createHash } from 'node:crypto';
import { Envelope, type FederationCode, LOG_LIMITS, NO_HASH } from '@beacontower/contracts';
import { isUnstorable } from './text.ts';

/** SHA-256 of a line's bytes (UTF-8, without its end), lower-case hexadecimal. */
export function hashOf(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

/** The last line that is there, and its hash; 0 and 64 zeros before the first. */
export interface ChainEnd {
  readonly sequence: number;
  readonly hash: string;
}

export const CHAIN_BEGIN: ChainEnd = { sequence: 0, hash: NO_HASH };

/** What a line says, beside its place in the chain. */
export type Said = {
  [K in Envelope['kind']]: Pick<Extract<Envelope, { kind: K }>, 'kind' | 'payload' | 'eventAt' | 'recordedAt'>;
}[Envelope['kind']];

export interface MadeLine extends ChainEnd {
  readonly line: string;
}

/** The lines that say these things next, in their order. */
export function chainOn(end: ChainEnd, said: readonly Said[]): MadeLine[] {
  const lines: MadeLine[] = [];
  let { sequence, hash } = end;
  for (const { kind, eventAt, recordedAt, payload } of said) {
    sequence += 1;
    const line = JSON.stringify({ sequence, previous: hash, kind, eventAt, recordedAt, payload });
    hash = hashOf(line);
    lines.push({ sequence, hash, line });
  }
  return lines;
}

/** A line that was read and checked. */
export interface ReadLine {
  readonly envelope: Envelope;
  readonly hash: string;
}

/** What is wrong with a batch, and with which of its lines. */
export interface ChainFault {
  readonly code: FederationCode;
  readonly sequence: number | null;
  readonly detail: string;
}

export type ReadBatch =
  | { readonly ok: true; readonly fresh: readonly ReadLine[]; readonly end: ChainEnd }
  | ({ readonly ok: false } & ChainFault);

/**
 * Reads a batch of lines that is to follow `end`. Lines that are known already are recognised by the chain that leads through `end`; what
 * is fresh is handed back. A gap, another history, a broken chain or a line that is none refuses the whole batch.
 */
export function readBatch(text: string, end: ChainEnd): ReadBatch {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) return fault('message-invalid', null, 'the batch holds no line');
  if (lines.length > LOG_LIMITS.lines) return fault('message-too-large', null, `a batch has at most ${LOG_LIMITS.lines} lines`);
  const fresh: ReadLine[] = [];
  let before: ReadLine | null = null;
  for (const line of lines) {
    const read = readLine(line, before);
    if (!('envelope' in read)) return read;
    const wrong = before === null ? placeFault(read.envelope, end) : null;
    if (wrong !== null) return wrong;
    if (read.envelope.sequence === end.sequence && read.hash !== end.hash)
      return fault('history-differs', end.sequence, 'the line at the place that is applied has other bytes than the one applied');
    if (read.envelope.sequence > end.sequence) fresh.push(read);
    before = read;
  }
  const last = before as unknown as ReadLine;
  if (last.envelope.sequence < end.sequence)
    return fault('sequence-known', last.envelope.sequence, 'all of these lines come before the place that is applied');
  return { ok: true, fresh, end: { sequence: last.envelope.sequence, hash: last.hash } };
}

function readLine(line: string, before: ReadLine | null): ReadLine | (ChainFault & { readonly ok: false }) {
  const sequence = before === null ? null : before.envelope.sequence + 1;
  if (Buffer.byteLength(line) > LOG_LIMITS.lineBytes)
    return fault('message-too-large', sequence, `a line has at most ${LOG_LIMITS.lineBytes} bytes`);
  const document = json(line);
  if (isUnstorable(line, document)) return fault('envelope-invalid', sequence, 'the line holds NUL, or half a character');
  const parsed = Envelope.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fault('envelope-invalid', sequence, `${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'is no envelope'}`);
  }
  const envelope = parsed.data;
  if (before !== null && (envelope.sequence !== before.envelope.sequence + 1 || envelope.previous !== before.hash))
    return fault(
      'chain-broken',
      envelope.sequence,
      'the line does not follow the one before it: its sequence or the hash it names is another',
    );
  return { envelope, hash: hashOf(line) };
}

/** Whether the first line of a batch may stand there. */
function placeFault({ sequence, previous }: Envelope, end: ChainEnd): (ChainFault & { readonly ok: false }) | null {
  if (sequence > end.sequence + 1) return fault('sequence-gap', sequence, `line ${end.sequence + 1} is expected next`);
  if (sequence === end.sequence + 1 && previous !== end.hash)
    return fault('history-differs', sequence, 'the line names another one before it than the one that is applied');
  return null;
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function fault(code: FederationCode, sequence: number | null, detail: string): ChainFault & { readonly ok: false } {
  return { ok: false, code, sequence, detail };
}
