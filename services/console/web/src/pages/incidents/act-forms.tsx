import type { IncidentSummary } from '@beacontower/contracts';
import { type KeyboardEvent, useId } from 'react';
import { useSession } from '../../api/session.tsx';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import type { ActName } from './acts.ts';
import { MergeTarget } from './merge-target.tsx';
import { NodeBelow } from './node-below.tsx';
import { SplitChoice } from './split-choice.tsx';
import { useFirst } from './use-first.ts';
import { ACT, CATEGORIES } from './words.ts';

/** What has been filled in so far. `party` null: the cause's own. */
export interface Draft {
  readonly note: string;
  readonly to: string;
  /** A node below. */
  readonly node: string;
  readonly into: string | null;
  readonly objects: readonly string[];
  readonly category: string;
  readonly party: string | null;
}

export function emptyDraft({ causeCategory, chargedParty, mayAsk }: IncidentSummary): Draft {
  return { note: '', to: '', node: mayAsk.below[0] ?? '', into: null, objects: [], category: causeCategory ?? '', party: chargedParty };
}

/** The body of the request, or null while something is missing. */
export function requestOf(act: ActName, draft: Draft, home: string | null): object | null {
  const note = draft.note.trim();
  const noted = note === '' ? {} : { note };
  switch (act) {
    case 'comment':
      return note === '' ? null : { text: note };
    case 'hand-down': {
      const to = draft.to.trim();
      return note === '' || draft.node === '' ? null : { node: draft.node, ...(to === '' ? {} : { to }), note };
    }
    case 'escalate':
    case 'decline-hand-over':
    case 'withdraw-hand-down':
    case 'decline':
    case 'resolve':
    case 'reopen':
      return note === '' ? null : { note };
    case 'assign':
      return draft.to.trim() === '' ? null : { to: draft.to.trim(), ...noted };
    case 'merge':
      return draft.into === null ? null : { into: draft.into, ...noted };
    case 'split':
      return draft.objects.length === 0 ? null : { objects: draft.objects, ...noted };
    case 'close':
      // What caused it, and whom it is charged to, is said where it was opened.
      if (home !== null) return noted;
      return { ...(draft.category === '' ? {} : { causeCategory: draft.category }), chargedParty: draft.party, ...noted };
    default:
      return noted;
  }
}

interface FormProps {
  readonly act: ActName;
  readonly incident: IncidentSummary;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

const NOTE_REQUIRED: ReadonlySet<ActName> = new Set([
  'decline',
  'resolve',
  'reopen',
  'escalate',
  'hand-down',
  'decline-hand-over',
  'withdraw-hand-down',
]);

/** The fields of an act. */
export function ActForm(props: FormProps) {
  const { act, incident, draft, onChange } = props;
  const words = useWords(ACT);
  return (
    <>
      {act === 'assign' ? <Assignee draft={draft} onChange={onChange} /> : null}
      {act === 'merge' ? <MergeTarget incident={incident} into={draft.into} onChoose={(into) => onChange({ ...draft, into })} /> : null}
      {act === 'split' ? (
        <SplitChoice incident={incident} chosen={draft.objects} onChoose={(objects) => onChange({ ...draft, objects })} />
      ) : null}
      {act === 'hand-down' ? <NodeBelow {...props} /> : null}
      {act === 'close' && incident.home === null ? <Closing {...props} /> : null}
      <Note
        label={act === 'comment' ? words.text : NOTE_REQUIRED.has(act) ? words.note : words.noteOptional}
        required={act === 'comment' || NOTE_REQUIRED.has(act)}
        long={act === 'comment'}
        first={act !== 'assign' && act !== 'merge' && act !== 'split' && act !== 'hand-down' && (act !== 'close' || incident.home !== null)}
        value={draft.note}
        onChange={(note) => onChange({ ...draft, note })}
      />
    </>
  );
}

interface NoteProps {
  readonly label: string;
  readonly required: boolean;
  readonly long: boolean;
  readonly first: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Note({ label, required, long, first, value, onChange }: NoteProps) {
  const words = useWords(ACT);
  const id = useId();
  const line = useFirst<HTMLInputElement>(first && !long);
  const area = useFirst<HTMLTextAreaElement>(first && long);
  const sends = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {long ? (
        <textarea
          id={id}
          ref={area}
          rows={4}
          maxLength={4000}
          required={required}
          value={value}
          aria-describedby={`${id}-hint`}
          onKeyDown={sends}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <input
          id={id}
          ref={line}
          type="text"
          autoComplete="off"
          maxLength={4000}
          required={required}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {long ? (
        <span id={`${id}-hint`} className="soft">
          {words.sendHint}
        </span>
      ) : null}
    </div>
  );
}

function Assignee({ draft, onChange }: Pick<FormProps, 'draft' | 'onChange'>) {
  const words = useWords(ACT);
  const { name } = useSession();
  const { directory } = useNames();
  const id = useId();
  const field = useFirst<HTMLInputElement>(true);
  return (
    <div className="field">
      <label htmlFor={id}>{words.to}</label>
      <div className="field-row">
        <input
          id={id}
          ref={field}
          type="text"
          autoComplete="off"
          maxLength={200}
          required
          list={`${id}-people`}
          value={draft.to}
          aria-describedby={`${id}-hint`}
          onChange={(event) => onChange({ ...draft, to: event.target.value })}
        />
        <button type="button" className="button" onClick={() => onChange({ ...draft, to: name })}>
          {words.toMe}
        </button>
      </div>
      <span id={`${id}-hint`} className="soft">
        {words.toHint}
      </span>
      <datalist id={`${id}-people`}>
        {directory?.contacts.map((contact) => (
          <option key={`contact ${contact.id}`} value={contact.id} label={contact.name} />
        ))}
        {directory?.accounts.map((account) => (
          <option key={`account ${account.name}`} value={account.name} label={account.displayName} />
        ))}
      </datalist>
    </div>
  );
}

function Closing({ incident, draft, onChange }: FormProps) {
  const words = useWords(ACT);
  const categories = useWords(CATEGORIES);
  const { directory, party } = useNames();
  const id = useId();
  const field = useFirst<HTMLSelectElement>(true);
  const required = incident.kind === 'outage';
  const foreign = draft.category !== '' && !(draft.category in categories);
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-category`}>{words.category}</label>
        <select
          id={`${id}-category`}
          ref={field}
          required={required}
          value={foreign ? '' : draft.category}
          onChange={(event) => onChange({ ...draft, category: event.target.value })}
        >
          <option value="">{words.chooseCategory}</option>
          {Object.entries(categories).map(([code, word]) => (
            <option key={code} value={code}>
              {word}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-party`}>{words.party}</label>
        <select
          id={`${id}-party`}
          value={draft.party ?? ''}
          onChange={(event) => onChange({ ...draft, party: event.target.value === '' ? null : event.target.value })}
        >
          <option value="">{`${words.ownParty}${incident.party === null ? '' : ` (${party(incident.party)})`}`}</option>
          {directory?.parties.map(({ id: one }) => (
            <option key={one} value={one}>
              {party(one)}
            </option>
          ))}
          {draft.party !== null && !directory?.parties.some((one) => one.id === draft.party) ? (
            <option value={draft.party}>{draft.party}</option>
          ) : null}
        </select>
      </div>
    </>
  );
}
