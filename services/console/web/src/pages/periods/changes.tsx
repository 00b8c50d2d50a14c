import type { ClosedPeriod } from '@beacontower/contracts';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useSession } from '../../api/session.tsx';
import { formatDuration, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import '../../parts/tables.css';
import './periods.css';
import { PERIODS } from './words.ts';

type ChangesOf = NonNullable<ClosedPeriod['changes']>;
const SHOWN = 50;

/** What was recorded between versions, and what it made of the members: each version against the one before. */
export function Changes({ versions }: { versions: readonly ClosedPeriod[] }) {
  const words = useWords(PERIODS);
  const later = versions.filter(({ version }) => version > 1);
  if (later.length === 0) return null;
  return (
    <section aria-label={words.changed}>
      <h3>{words.changed}</h3>
      {later.map((each) => (
        <div key={each.id}>
          <h4>{words.changedIn(words.version(each.version))}</h4>
          {each.changes === null ? <p className="soft">{words.partOnly}</p> : <Detail changes={each.changes} />}
        </div>
      ))}
    </section>
  );
}

function Detail({ changes }: { changes: ChangesOf }) {
  const words = useWords(PERIODS);
  const { members, transitions, plannedWork, reclassifications, charges } = changes;
  if (members.count + transitions.count + plannedWork.count + reclassifications.count + charges.count === 0)
    return <p className="soft">{words.nothingChanged}</p>;
  return (
    <div className="changes">
      <Sort title={words.changes.plannedWork(plannedWork.count)} count={plannedWork.count} shown={plannedWork.items.length}>
        <Planned items={plannedWork.items} />
      </Sort>
      <Sort
        title={words.changes.reclassifications(reclassifications.count)}
        count={reclassifications.count}
        shown={reclassifications.items.length}
      >
        <Reclassified items={reclassifications.items} />
      </Sort>
      <Sort title={words.changes.transitions(transitions.count)} count={transitions.count} shown={transitions.items.length}>
        <Transitions items={transitions.items} />
      </Sort>
      <Sort title={words.changes.charges(charges.count)} count={charges.count} shown={charges.items.length}>
        <Charges items={charges.items} />
      </Sort>
      <Sort title={words.changes.members(members.count)} count={members.count} shown={members.items.length}>
        <Members items={members.items} />
      </Sort>
    </div>
  );
}

interface SortProps {
  readonly title: string;
  readonly count: number;
  readonly shown: number;
  readonly children: ReactNode;
}

function Sort({ title, count, shown, children }: SortProps) {
  const words = useWords(PERIODS);
  if (count === 0) return null;
  const rest = count - Math.min(shown, SHOWN);
  return (
    <details open={count <= SHOWN}>
      <summary>{title}</summary>
      <ul>{children}</ul>
      {rest > 0 ? <p className="soft">{words.andMore(rest)}</p> : null}
    </details>
  );
}

const objectLink = (object: string) => <Link to={`/objects/${encodeURIComponent(object)}`}>{object}</Link>;

function Planned({ items }: { items: ChangesOf['plannedWork']['items'] }) {
  const words = useWords(PERIODS);
  const { node } = useSession();
  const minute = (at: number) => formatTime(at, node.timeZone, 'minute');
  return items
    .slice(0, SHOWN)
    .map((each) => (
      <li key={each.id}>
        {`${minute(each.startsAt)} – ${minute(each.endsAt)}${each.cancelledAt === null ? '' : words.cancelled}: ${each.title} · ${each.approvedBy ?? '—'}${each.approvedAt === null ? '' : ` ${minute(each.approvedAt)}`}${each.node === null ? '' : ` · ${each.node}`}${each.receivedAt === null ? '' : ` · ${words.received} ${minute(each.receivedAt)}`}`}
      </li>
    ));
}

function Reclassified({ items }: { items: ChangesOf['reclassifications']['items'] }) {
  const words = useWords(PERIODS);
  const { node } = useSession();
  const minute = (at: number) => formatTime(at, node.timeZone, 'minute');
  return items
    .slice(0, SHOWN)
    .map((each) => (
      <li key={each.id}>
        {`${minute(each.startsAt)} – ${minute(each.endsAt)} ${words.effects[each.effect]}${each.party === null ? '' : ` ${each.party}`}${each.withdrawnAt === null ? '' : words.withdrawn}: ${each.reason} · ${each.recordedBy} ${minute(each.recordedAt)}`}
      </li>
    ));
}

function Transitions({ items }: { items: ChangesOf['transitions']['items'] }) {
  const words = useWords(PERIODS);
  const common = useWords(COMMON);
  const { node } = useSession();
  const state = (name: string) => common.states[name as keyof typeof common.states] ?? name;
  return items.slice(0, SHOWN).map((each) => (
    <li key={each.id}>
      {objectLink(each.object)}
      {` ${formatTime(each.at, node.timeZone)} ${state(each.from)} → ${state(each.to)} · ${each.supersededAt === null ? `${words.added} ${formatTime(each.recordedAt, node.timeZone, 'minute')}` : `${words.superseded} ${formatTime(each.supersededAt, node.timeZone, 'minute')}`}`}
    </li>
  ));
}

function Charges({ items }: { items: ChangesOf['charges']['items'] }) {
  const { node } = useSession();
  return items.slice(0, SHOWN).map((each) => (
    <li key={`${each.incident} ${each.at} ${each.kind}`}>
      <Link to={`/incidents/${each.incident}`}>{`#${each.number}`}</Link>
      {` ${each.kind} · ${each.party ?? '—'} · ${each.actor} ${formatTime(each.at, node.timeZone, 'minute')}`}
    </li>
  ));
}

function Members({ items }: { items: ChangesOf['members']['items'] }) {
  const words = useWords(PERIODS);
  const { language } = useLanguage();
  const down = (account: { downMs: number } | null) => (account === null ? '—' : formatDuration(account.downMs, language));
  const unknown = (account: { unknownMs: number } | null) => (account === null ? '—' : formatDuration(account.unknownMs, language));
  return items.slice(0, SHOWN).map(({ object, basis, before, after }) => (
    <li key={`${object} ${basis}`}>
      {objectLink(object)}
      {` (${words.bases[basis]}): ${words.rows.down} ${down(before)} → ${down(after)}, ${words.rows.unknown} ${unknown(before)} → ${unknown(after)}`}
    </li>
  ));
}
