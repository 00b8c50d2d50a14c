import type { ConfigurationPlan } from '@beacontower/contracts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { byKind, readable } from './readable.ts';
import { CONFIGURATION } from './words.ts';

type Change = ConfigurationPlan['changes'][number];
type Notice = ConfigurationPlan['problems'][number];

/** What was found: faults, or what would be other than now. */
export function Planned({ plan }: { plan: ConfigurationPlan }) {
  const words = useWords(CONFIGURATION);
  const { added, changed, removed, changes } = plan;
  if (plan.problems.length > 0)
    return (
      <div className="note bad">
        <strong>{words.problems(plan.problems.length)}</strong>
        <Notices notices={plan.problems} />
      </div>
    );
  const total = added + changed + removed;
  return (
    <div className="stack">
      {plan.refused.length === 0 ? null : (
        <div className="note bad">
          <strong>{words.refused}</strong>
          <ul>
            {plan.refused.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </div>
      )}
      {plan.warnings.length === 0 ? null : (
        <div className="note">
          <strong>{words.warnings(plan.warnings.length)}</strong>
          <Notices notices={plan.warnings} />
        </div>
      )}
      <div className={total === 0 ? 'note good' : 'note'}>
        <strong>{total === 0 ? words.same : words.summary(added, changed, removed)}</strong>
        {removed > 0 ? <p>{words.removedWarning}</p> : null}
        {total > changes.length ? <p>{words.onlyFirst(changes.length)}</p> : null}
        {plan.credentialsCompared ? null : <p className="form-hint">{words.notCompared}</p>}
      </div>
      {byKind(changes).map(({ kind, changes: all }) => (
        <section key={kind} className="card" aria-label={words.kinds[kind] ?? kind}>
          <h2>
            {words.kinds[kind] ?? kind} <span className="soft figures">{all.length}</span>
          </h2>
          {all.map((change) => (
            <ChangeOf key={`${change.change} ${change.id}`} change={change} />
          ))}
        </section>
      ))}
    </div>
  );
}

function Notices({ notices }: { notices: readonly Notice[] }) {
  const words = useWords(CONFIGURATION);
  const { language } = useLanguage();
  return (
    <ul className="configuration-notices">
      {notices.map(({ line, path, message, messageZh }) => (
        <li key={`${line} ${path} ${message}`}>
          {line === null ? null : <strong>{words.line(line)} </strong>}
          {path === '' ? null : <code>{path}</code>} {language === 'zh' ? messageZh : message}
        </li>
      ))}
    </ul>
  );
}

const LOOKS = { added: ['good', '+'], changed: ['warn', '≠'], removed: ['bad', '−'] } as const;

function ChangeOf({ change }: { change: Change }) {
  const words = useWords(CONFIGURATION);
  const [look, mark] = LOOKS[change.change];
  return (
    <details className="configuration-item" open={change.change === 'changed'}>
      <summary>
        <span className={`tag ${look}`}>
          <span aria-hidden="true">{mark}</span>
          {words.changes[change.change]}
        </span>
        <span className="figures">{change.id}</span>
      </summary>
      {change.fields.length === 0 ? null : (
        <Scroll label={change.id}>
          <table className="plain-table configuration-fields">
            <thead>
              <tr>
                <th scope="col">{words.field}</th>
                {change.change === 'added' ? null : <th scope="col">{words.before}</th>}
                {change.change === 'removed' ? null : <th scope="col">{words.after}</th>}
              </tr>
            </thead>
            <tbody>
              {change.fields.map(({ path, before, after }) => (
                <tr key={path}>
                  <th scope="row" className="figures">
                    {path}
                  </th>
                  {change.change === 'added' ? null : <Value value={before} look="before" />}
                  {change.change === 'removed' ? null : <Value value={after} look="after" />}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </details>
  );
}

function Value({ value, look }: { value: unknown; look: 'before' | 'after' }) {
  const words = useWords(CONFIGURATION);
  const isAbsent = value === null || value === undefined;
  return (
    <td className={isAbsent ? 'soft' : `configuration-${look}`}>{isAbsent ? words.absent : <pre>{readable(value).trimStart()}</pre>}</td>
  );
}
