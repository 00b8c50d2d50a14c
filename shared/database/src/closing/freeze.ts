/** One version of a closed figure, in one transaction with one view of the record: figures, members and evidence agree. */
import { randomUUID } from 'node:crypto';
import {
  type AccountLine,
  accountsOf,
  type ClosedFigureBody,
  type EvidenceContext,
  type EvidenceLine,
  FigureFold,
  type HeaderLine,
  type MemberAccounts,
  type MemberLine,
} from '@beacontower/contracts';
import { ACCOUNT_COLUMNS, type Judged, readJudged } from '../accounting/index.ts';
import { writeArtifactParts } from '../artifacts/index.ts';
import { importedResolution } from '../imports/imports.ts';
import { readNodeIdentity } from '../inventory/identity.ts';
import { readInventoryVersion } from '../inventory/read.ts';
import { appendLog } from '../log.ts';
import type { Transaction } from '../pool.ts';
import { type ObjectiveMember, objectiveMembers } from '../queries/objectives.ts';
import { type BundleSeal, bundleBytes, type EvidenceSigner, gzipped } from './bundle.ts';
import { changesSince } from './changes.ts';
import { type JudgedPeriod, readContext, readMemberEvidence } from './facts.ts';

const MEMBERS_AT_ONCE = 200;

/** The version before the one that is made. */
export interface PreviousFigure {
  readonly id: string;
  readonly version: number;
  readonly knownUntil: number;
  readonly sha256: string;
}

export interface FreezeOrder extends JudgedPeriod {
  readonly previous: PreviousFigure | null;
  readonly reason: string;
  readonly closedBy: string;
  readonly signer: EvidenceSigner;
  readonly now: number;
}

/** Thrown to undo a version in which no member's account would differ. */
export class NothingChanged extends Error {
  readonly code = 'nothing-changed';
  constructor() {
    super('no account of a member differs from the version before');
    this.name = 'NothingChanged';
  }
}

/** Writes the version; the transaction must be REPEATABLE READ. Throws `NothingChanged`. Returns its id. */
export async function freezeFigure(tx: Transaction, order: FreezeOrder): Promise<string> {
  const { objective, calendar, from, to, previous, now } = order;
  const figure = randomUUID();
  const version = (previous?.version ?? 0) + 1;
  const inventoryVersion = await readInventoryVersion(tx);
  await tx.query(
    `INSERT INTO closed_figures (id, objective, division, period_from, period_to, version, known_until, closed_at, closed_by, reason, body)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, '{}')`,
    [figure, objective.id, objective.division, from, to, version, now, order.closedBy, order.reason],
  );
  const fold = new FigureFold(objective);
  const making: Making = { figure, version, inventoryVersion, fold, unjudged: 0 };
  let seal: BundleSeal | undefined;
  const bytes = bundleBytes(evidenceLines(tx, order, making), order.signer, (sealed) => {
    seal = sealed;
  });
  const name = `evidence-${objective.id}-${new Date(from).toISOString().slice(0, 10)}-v${version}.jsonl.gz`;
  const artifact = await writeArtifactParts(tx, { kind: 'evidence', name, mediaType: 'application/gzip' }, gzipped(bytes), now);
  const changes = previous === null ? null : await changesSince(tx, { figure, previous, from, to, objective });
  if (changes !== null && changes.members.count === 0) throw new NothingChanged();
  const body: ClosedFigureBody = {
    objective,
    calendar: [...calendar],
    inventoryVersion,
    unjudged: making.unjudged,
    figures: fold.figures(),
    changes,
    evidence: seal as BundleSeal,
  };
  await tx.query('UPDATE closed_figures SET body = $2, evidence = $3 WHERE id = $1', [figure, JSON.stringify(body), artifact.id]);
  const change = previous === null ? 'closed' : 'revised';
  const event = { figure, division: objective.division, objective: objective.id, from, to, version, change } as const;
  await appendLog(tx, [{ kind: 'figure', subject: objective.id, body: event, eventAt: now }], now);
  return figure;
}

interface Making {
  readonly figure: string;
  readonly version: number;
  readonly inventoryVersion: number;
  readonly fold: FigureFold;
  unjudged: number;
}

/** Every line but the signature; members are written to the table and added to the fold as they come by. */
async function* evidenceLines(tx: Transaction, order: FreezeOrder, making: Making): AsyncGenerator<EvidenceLine[]> {
  const { objective, calendar } = order;
  const members = await sortedMembers(tx, order);
  const context = await readContext(
    tx,
    order,
    members.map(({ id }) => id),
  );
  const judged = await readJudged(tx, order.now);
  yield [
    await headerOf(tx, order, making),
    { line: 'objective', body: objective },
    { line: 'calendar', versions: [...calendar], counted: context.counted.map((span): [number, number] => [span.from, span.to]) },
    ...context.plannedWork,
    ...context.reclassifications,
  ];
  for (let at = 0; at < members.length; at += MEMBERS_AT_ONCE) {
    yield await memberLines(tx, members.slice(at, at + MEMBERS_AT_ONCE), { context, judged, making });
  }
  yield making.fold.figures().map((figure) => ({ line: 'figure' as const, ...figure }));
}

/** Everyone who belonged to the objective in the period, by id as code units compare, whatever the collation of the database. */
export async function sortedMembers(tx: Transaction, { objective, from, to }: JudgedPeriod): Promise<ObjectiveMember[]> {
  const importedMs = await importedResolution(tx, from, to);
  return (await objectiveMembers(tx, objective, [''], from, to))
    .map((member) => ({ ...member, resolutionMs: Math.max(member.resolutionMs, importedMs) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function headerOf(tx: Transaction, order: FreezeOrder, { figure, version, inventoryVersion }: Making): Promise<HeaderLine> {
  const { previous } = order;
  return {
    line: 'header',
    format: 'beacontower-evidence',
    version: 1,
    node: (await readNodeIdentity(tx))?.node ?? '',
    figure,
    objective: order.objective.id,
    from: order.from,
    to: order.to,
    figureVersion: version,
    knownUntil: order.now,
    closedAt: order.now,
    closedBy: order.closedBy,
    reason: order.reason,
    inventoryVersion,
    previous: previous && { figure: previous.id, figureVersion: previous.version, sha256: previous.sha256 },
  };
}

interface Judging {
  readonly context: EvidenceContext;
  readonly judged: Judged;
  readonly making: Making;
}

async function memberLines(tx: Transaction, members: readonly ObjectiveMember[], judging: Judging): Promise<EvidenceLine[]> {
  const { context, judged, making } = judging;
  const lines: EvidenceLine[] = [];
  const rows: { member: MemberLine; accounts: MemberAccounts }[] = [];
  for (const evidence of await readMemberEvidence(tx, members, context, judged)) {
    const accounts = accountsOf(context, evidence);
    making.fold.add(evidence.member, accounts);
    if (evidence.member.judgedUntil < context.to) making.unjudged++;
    rows.push({ member: evidence.member, accounts });
    const account = (basis: AccountLine['basis']): AccountLine => ({
      line: 'account',
      object: evidence.member.object,
      basis,
      ...accounts[basis],
    });
    lines.push(evidence.member, ...evidence.transitions, ...evidence.charges, account('experienced'), account('responsible'));
  }
  await insertMembers(tx, making.figure, rows);
  return lines;
}

async function insertMembers(
  tx: Transaction,
  figure: string,
  rows: readonly { member: MemberLine; accounts: MemberAccounts }[],
): Promise<void> {
  const names = ACCOUNT_COLUMNS.map(([column]) => column).join(', ');
  const arrays = ACCOUNT_COLUMNS.map((_, index) => `$${index + 9}::bigint[]`).join(', ');
  const both = rows.flatMap(({ member, accounts }) =>
    (['experienced', 'responsible'] as const).map((basis) => ({ member, basis, account: accounts[basis] })),
  );
  await tx.query(
    `INSERT INTO closed_figure_members (figure, object_id, name, division, party, weight, resolution_ms, basis, ${names})
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::bigint[], $8::text[], ${arrays})`,
    [
      figure,
      both.map(({ member }) => member.object),
      both.map(({ member }) => member.name),
      both.map(({ member }) => member.division),
      both.map(({ member }) => member.party),
      both.map(({ member }) => member.weight),
      both.map(({ member }) => member.resolutionMs),
      both.map(({ basis }) => basis),
      ...ACCOUNT_COLUMNS.map(([, field]) => both.map(({ account }) => account[field])),
    ],
  );
}
