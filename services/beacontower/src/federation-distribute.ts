/** `beacontower federation distribute`: objectives and calendars of this node that hold at every node below as well. */
import {
  appendAudit,
  chooseDistributed,
  type DistributedKind,
  type DistributionRow,
  endDistributed,
  listDistributed,
} from '@beacontower/database';
import { UserError } from '@beacontower/runtime';
import { byNow } from './account-acts.ts';
import { parse } from './arguments.ts';
import { FEDERATION_OPTIONS, tell, withNode } from './federation-options.ts';

const WORDS = {
  zh: { nothing: '未下发任何目标或日历', ended: '（已停止）', waits: '尚未答复', done: '已应用', refused: '拒收' },
  en: { nothing: 'nothing is distributed', ended: ' (ended)', waits: 'not answered yet', done: 'applied', refused: 'refused' },
} as const;

interface Named {
  readonly kind: DistributedKind;
  readonly id: string;
}

/** Chooses what is named, ends it with `--end`, and shows what each node made of it. */
export async function distributeVerb(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: { ...FEDERATION_OPTIONS, end: { type: 'boolean' } }, allowPositionals: true });
  const named = positionals.map(namedBy);
  await withNode(values, async (database, io) => {
    const { now, actor } = byNow();
    await database.transaction(async (tx) => {
      const missing = values.end === true ? await ended(tx, named, now) : await chooseDistributed(tx, named, { now, by: actor });
      if (missing.length > 0)
        throw new UserError(`there is no ${missing.join(', ')} ${values.end === true ? 'that is distributed' : 'in the configuration'}`);
      const action = values.end === true ? 'federation.distribute-end' : 'federation.distribute';
      for (const { kind, id } of named) {
        await appendAudit(tx, { at: now, actor, source: 'command', action, object: `${kind}/${id}`, result: 'done', detail: {} });
      }
    });
    const items = await listDistributed(database);
    tell(io, { items }, tableOf(items, io.language));
  });
}

function namedBy(text: string): Named {
  const [, kind, id] = /^(objective|calendar)\/(.+)$/.exec(text) ?? [];
  if (kind === undefined || id === undefined) throw new UserError(`"${text}" is neither objective/ID nor calendar/ID`);
  return { kind: kind as DistributedKind, id };
}

async function ended(tx: Parameters<typeof endDistributed>[0], named: readonly Named[], now: number): Promise<string[]> {
  const missing: string[] = [];
  for (const { kind, id } of named) if (!(await endDistributed(tx, kind, id, now))) missing.push(`${kind}/${id}`);
  return missing;
}

function tableOf(items: readonly DistributionRow[], language: 'zh' | 'en'): string {
  const words = WORDS[language];
  if (items.length === 0) return words.nothing;
  return items
    .flatMap(({ kind, id, endedAt, nodes }) => [
      `${kind}/${id}${endedAt === null ? '' : words.ended}`,
      ...nodes.map(({ node, outcome, code, detail }) =>
        outcome === 'refused'
          ? `  ${node}  ${words.refused}: ${code ?? ''} ${detail ?? ''}`
          : `  ${node}  ${outcome === null ? words.waits : words.done}`,
      ),
    ])
    .join('\n');
}
