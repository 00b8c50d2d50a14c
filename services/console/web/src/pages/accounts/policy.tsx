import type { AccessPolicy } from '@beacontower/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { ProblemNote } from '../../parts/problem.tsx';
import { Moment } from '../../parts/since.tsx';
import { readPolicy, savePolicy } from './calls.ts';
import { NUMBERS, type NumberField, numberOf, type PolicyTyped, policyOf, typedOf, weaknessesOf } from './policy-form.ts';
import { ACCOUNTS } from './words.ts';

const KEY = ['access-policy'] as const;

/** What all accounts must keep to. */
export function Policy() {
  const { data, error, isPending, refetch } = useQuery({ queryKey: KEY, queryFn: ({ signal }) => readPolicy(signal) });
  if (isPending) return <Loading />;
  if (data === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  // Of another revision, another form: what somebody else saved meanwhile is not overwritten unseen.
  return <PolicyForm key={data.revision} policy={data} />;
}

function PolicyForm({ policy }: { policy: AccessPolicy }) {
  const words = useWords(ACCOUNTS);
  const queries = useQueryClient();
  const [typed, setTyped] = useState<PolicyTyped>(() => typedOf(policy));
  const next = policyOf(typed);
  const weak = next === null ? [] : weaknessesOf(next);
  const saving = useMutation({
    mutationFn: (body: NonNullable<typeof next>) => savePolicy(body, policy.revision),
    onSuccess: (saved) => queries.setQueryData(KEY, saved),
  });
  const number = (field: NumberField) => (
    <NumberLine
      key={field}
      field={field}
      typed={typed.numbers[field]}
      onTyped={(text) => setTyped({ ...typed, numbers: { ...typed.numbers, [field]: text } })}
    />
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (next !== null) saving.mutate(next);
  };
  return (
    <form onSubmit={submit} className="stack">
      <p className="soft">
        {words.policyHint}{' '}
        {policy.changedAt === null ? (
          words.policyDefault
        ) : (
          <>
            {words.policyChanged} <Moment at={policy.changedAt} parts="minute" /> {words.by(policy.changedBy ?? '—')}
          </>
        )}
      </p>
      <div className="cards">
        <Group title={words.groups.password}>
          {(['minLength', 'minClasses', 'history', 'maxAgeDays', 'oneTimeHours'] as const).map(number)}
        </Group>
        <Group title={words.groups.lock}>{(['lockAfter', 'lockMinutes'] as const).map(number)}</Group>
        <Group title={words.groups.session}>{(['idleMinutes', 'longestHours'] as const).map(number)}</Group>
        <Group title={words.groups.factor}>
          <SecondFactorChoice value={typed.secondFactor} onChange={(secondFactor) => setTyped({ ...typed, secondFactor })} />
        </Group>
        <Group title={words.groups.place}>
          <Networks value={typed.administrationFrom} onChange={(administrationFrom) => setTyped({ ...typed, administrationFrom })} />
        </Group>
      </div>
      {weak.length === 0 ? null : (
        <div className="note bad" role="status">
          <strong>{words.weaker}</strong>
          <p>{weak.map((each) => words.weak[each]).join('；')}</p>
        </div>
      )}
      <ProblemNote error={saving.error} />
      <div className="form-row">
        <button type="submit" className="button primary" disabled={next === null || saving.isPending}>
          {words.savePolicy}
        </button>
      </div>
    </form>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="card form policy-group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

function NumberLine({ field, typed, onTyped }: { field: NumberField; typed: string; onTyped: (text: string) => void }) {
  const words = useWords(ACCOUNTS);
  const id = useId();
  const [least, most] = NUMBERS[field];
  const wrong = numberOf(field, typed) === undefined;
  return (
    <div className="form-field">
      <label htmlFor={id}>{words.fields[field]}</label>
      <input
        id={id}
        inputMode="numeric"
        value={typed}
        onChange={(event) => onTyped(event.target.value)}
        aria-invalid={wrong}
        aria-describedby={`${id}-range`}
        autoComplete="off"
      />
      <span id={`${id}-range`} className={wrong ? 'form-warning' : 'form-hint'}>
        {words.range(least, most)}
      </span>
    </div>
  );
}

function SecondFactorChoice({
  value,
  onChange,
}: {
  value: PolicyTyped['secondFactor'];
  onChange: (value: PolicyTyped['secondFactor']) => void;
}) {
  const words = useWords(ACCOUNTS);
  const name = useId();
  return (
    <fieldset className="choice-list bare">
      <legend className="form-label">{words.fields.secondFactor}</legend>
      {(['administrators', 'everyone', 'optional'] as const).map((each) => (
        <label key={each} className="choice">
          <input type="radio" name={name} checked={value === each} onChange={() => onChange(each)} />
          {words.whoMust[each]}
        </label>
      ))}
    </fieldset>
  );
}

function Networks({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const words = useWords(ACCOUNTS);
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{words.fields.administrationFrom}</label>
      <textarea
        id={id}
        rows={4}
        className="figures"
        value={value}
        placeholder="10.0.0.0/8"
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={`${id}-hint`}
      />
      <span id={`${id}-hint`} className="form-hint">
        {words.placeWarning}
      </span>
    </div>
  );
}
