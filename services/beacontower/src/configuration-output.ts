/** The words of `config check`, `plan` and `apply`. */
import type { Language } from '@beacontower/contracts';
import type { InventoryPlan } from '@beacontower/database';
import { fieldWords } from './field-words.ts';

/** `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

interface Words {
  verdict(files: number, entities: number | null, errors: number, warnings: number): string;
  readonly untouched: string;
  readonly version: string;
  readonly refused: string;
  readonly untold: string;
  readonly nothing: string;
  readonly more: (count: number) => string;
  readonly returns: string;
  readonly secretChanged: string;
  counts(tense: 'would' | 'did', added: number, changed: number, retired: number, unchanged: number): string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    verdict: (files, entities, errors, warnings) =>
      entities === null
        ? `${counted(files, 'file')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}: this configuration cannot be used`
        : `${counted(files, 'file')}, ${counted(entities, 'entity', 'entities')}: no errors, ${counted(warnings, 'warning')}`,
    untouched: 'Nothing was changed; what runs goes on as it was.',
    version: 'inventory version',
    refused: 'refused',
    untold: 'Applied, but the running pipeline could not be told (is Redis away?): apply again, or wait for the scheduler to notice.',
    nothing: 'Nothing to do: the inventory is as the configuration says.',
    more: (count) => `  … and ${count} more (--json shows all)`,
    returns: 'returns under its old id',
    secretChanged: 'secret changed',
    counts: (tense, added, changed, retired, unchanged) =>
      tense === 'did'
        ? `${added} added, ${changed} changed, ${retired} retired, ${unchanged} unchanged`
        : `${added} to add, ${changed} to change, ${retired} to retire, ${unchanged} unchanged`,
  },
  zh: {
    verdict: (files, entities, errors, warnings) =>
      entities === null
        ? `${files} 个文件：${errors} 个错误，${warnings} 个警告；此配置不可用`
        : `${files} 个文件，${entities} 个实体：没有错误，${warnings} 个警告`,
    untouched: '未做任何更改；正在运行的配置保持不变。',
    version: '清单版本',
    refused: '已拒绝',
    untold: '已应用，但未能通知运行中的处理程序（Redis 是否可用？）：请再次执行 apply，或等待调度器发现。',
    nothing: '无需更改：清单与配置一致。',
    more: (count) => `  … 另有 ${count} 项（--json 显示全部）`,
    returns: '以原标识恢复',
    secretChanged: '密钥已更改',
    counts: (tense, added, changed, retired, unchanged) =>
      tense === 'did'
        ? `新增 ${added}，更改 ${changed}，退役 ${retired}，未变 ${unchanged}`
        : `将新增 ${added}，将更改 ${changed}，将退役 ${retired}，未变 ${unchanged}`,
  },
};

/** A person reads a screenful; machines take --json. */
const SHOWN_LINES = 200;
const COLOURS = { '+': '\u001b[32m', '~': '\u001b[33m', '-': '\u001b[31m', '!': '\u001b[31m' } as const;

/** The plan in lines: `+` added, `~` changed with each field, `-` retired, `!` refused. */
export function describePlan(
  plan: InventoryPlan,
  io: { readonly colour: boolean; readonly language: Language },
  tense: 'would' | 'did',
): string {
  const words = WORDS[io.language];
  const paint = (sign: keyof typeof COLOURS, line: string) => (io.colour ? `${COLOURS[sign]}${sign} ${line}\u001b[0m` : `${sign} ${line}`);
  const refusals = plan.refused.map((refusal) => paint('!', `${words.refused}: ${refusal.message}`));
  const lines = [
    ...plan.added.map((entity) => paint('+', `${entity.entity} ${entity.id}${entity.returns ? ` (${words.returns})` : ''}`)),
    ...plan.changed.flatMap((entity) => [
      paint('~', `${entity.entity} ${entity.id}`),
      ...entity.fields.map((field) =>
        entity.entity === 'credential' && field.path === 'secret'
          ? `    ${words.secretChanged}`
          : `    ${field.path}: ${fieldWords(entity.entity, field.path, field.before)} → ${fieldWords(entity.entity, field.path, field.after)}`,
      ),
    ]),
    ...plan.retired.map((entity) => paint('-', `${entity.entity} ${entity.id}`)),
  ];
  const cut = lines.length > SHOWN_LINES ? [...lines.slice(0, SHOWN_LINES), words.more(lines.length - SHOWN_LINES)] : lines;
  const nothing = lines.length === 0 && refusals.length === 0;
  const summary = nothing
    ? words.nothing
    : words.counts(tense, plan.added.length, plan.changed.length, plan.retired.length, plan.unchanged);
  return `${[...cut, ...refusals, summary].join('\n')}\n`;
}
