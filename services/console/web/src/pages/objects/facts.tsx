import type { ObjectDetail } from '@beacontower/contracts';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { objectAddress, shortId } from './address.ts';
import { ATTRIBUTES } from './attribute-words.ts';
import { OBJECT } from './object-words.ts';
import { RELATIONS } from './relation-words.ts';

/** Attributes that name an interface of the inventory by its identifier. */
const ENDS: ReadonlySet<string> = new Set(['end1', 'end2']);

/** What is written of the object, how it is judged, and what the device says of itself. */
export function Facts({ object }: { object: ObjectDetail }) {
  const words = useWords(RELATIONS);
  const objectWords = useWords(OBJECT);
  const names = useWords(ATTRIBUTES) as Record<string, string>;
  const { system, runbook, attributes } = object;
  const facts: (readonly [string, ReactNode])[] = [
    ...(runbook === null ? [] : [[words.runbook, <Runbook key="runbook" text={runbook} />] as const]),
    ...Object.entries(attributes).map(
      ([name, value]) =>
        [
          names[name] ?? name,
          ENDS.has(name) ? (
            <Link key={name} to={objectAddress(value)}>
              {shortId(value)}
            </Link>
          ) : (
            value
          ),
        ] as const,
    ),
    [words.rule, object.servingRule === 'any' ? objectWords.servingAny : objectWords.servingAll],
    [words.weight, String(object.weight)],
  ];
  return (
    <div className="object-pair">
      <section className="card" aria-labelledby="facts-title">
        <h2 id="facts-title">{words.attributes}</h2>
        <List items={facts} />
      </section>
      {system === null ? null : (
        <section className="card" aria-labelledby="system-title">
          <h2 id="system-title">{words.system}</h2>
          <List
            items={[
              [words.sysName, system.name],
              [words.descr, system.descr],
              [words.objectId, system.objectId],
              [words.location, system.location],
              [words.contact, system.contact],
            ]}
          />
        </section>
      )}
    </div>
  );
}

function List({ items }: { items: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="object-facts">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === '' ? '—' : value}</dd>
        </div>
      ))}
    </dl>
  );
}

// Only what is an address of the web is made a link: anything else could be made to run.
function Runbook({ text }: { text: string }) {
  if (!/^https?:\/\//i.test(text)) return text;
  return (
    <a href={text} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  );
}
