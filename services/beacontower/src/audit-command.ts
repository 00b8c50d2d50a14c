/** `beacontower audit verify`: the audit checked from the rows alone, words or JSON and an exit code out. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AuditVerification, Language } from '@beacontower/contracts';
import { appendAudit, checkpointFile, type Database, readCheckpoints, verifyAudit } from '@beacontower/database';
import { type Environment, readEnvironment, readSigningKey, SystemClock, UserError } from '@beacontower/runtime';
import { parse } from './arguments.ts';
import { AUDIT_WORDS } from './audit-words.ts';
import { say } from './greeting.ts';
import { wording } from './inventory-commands.ts';
import { withDatabase } from './report-list.ts';
import { trustedKey } from './report-verify-command.ts';
import { signingKeyFile } from './secret-key.ts';

const OPTIONS = {
  head: { type: 'string' },
  key: { type: 'string', multiple: true },
  data: { type: 'string' },
  language: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export async function auditCommand(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: OPTIONS, allowPositionals: true });
  if (positionals.length !== 1 || positionals[0] !== 'verify') throw new UserError('expected "audit verify [--head SEQUENCE:HASH]"');
  const { language, json } = wording(values);
  const environment = readEnvironment();
  const head = headOf(values.head);
  const keys = [...(values.key ?? []).map(trustedKey), ...ownKey(environment, values.data)];
  const kept = readCheckpoints(checkpointFile(resolve(values.data ?? environment.dataDirectory)));
  await withDatabase(values.data, async (database) => {
    const clock = new SystemClock();
    const begun = clock.monotonic();
    const elapsed = () => clock.monotonic() - begun;
    const found = await verifyAudit(database, { keys, kept: kept.checkpoints, head, now: clock.now(), elapsed });
    await record(database, found, clock.now());
    say(
      json
        ? JSON.stringify({ agrees: found.faultCount === 0, unreadable: kept.unreadable, ...found }, null, 2)
        : inWords(found, kept.unreadable, language),
    );
    process.exitCode = found.faultCount === 0 ? 0 : 1;
  });
}

function headOf(text: string | undefined): { sequence: number; hash: string } | null {
  if (text === undefined) return null;
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (sequence === undefined || hash === undefined)
    throw new UserError(`--head "${text}": expected the place and its hash as an earlier run printed them, SEQUENCE:HASH`);
  return { sequence: Number(sequence), hash: hash.toLowerCase() };
}

/** The key of this node, where there is one: a check makes none. */
function ownKey(environment: Environment, data: string | undefined): string[] {
  const file = signingKeyFile(environment, data);
  return existsSync(file) ? [readSigningKey(file).publicKey] : [];
}

function record(database: Database, { rows, head, faultCount }: AuditVerification, at: number): Promise<void> {
  const result = faultCount === 0 ? 'done' : 'failed';
  const detail = { rows, head: head?.sequence ?? 0, faultCount };
  return appendAudit(database, { at, actor: 'command line', source: 'command line', action: 'audit.verify', object: '', result, detail });
}

function inWords(found: AuditVerification, unreadable: number, language: Language): string {
  const words = AUDIT_WORDS[language];
  const lines = [words.counted(found), words.head(found), words.signed(found)];
  if (unreadable > 0) lines.push(words.torn(unreadable));
  lines.push(...found.faults.map(({ code, sequence, detail }) => `  ${words.place(sequence)}: ${words.faults[code]} (${code}: ${detail})`));
  if (found.faultCount > found.faults.length) lines.push(words.more(found.faultCount - found.faults.length));
  return [...lines, words.verdict(found.faultCount)].join('\n');
}
