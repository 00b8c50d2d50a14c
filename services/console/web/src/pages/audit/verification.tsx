import type { AuditVerification } from '@beacontower/contracts';
import { useMutation } from '@tanstack/react-query';
import { get } from '../../api/client.ts';
import { formatDuration } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { ProblemNote } from '../../parts/problem.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { AUDIT } from './words.ts';

/** Whether the chain is whole: asked by a press, for every row is looked at. */
export function Verification() {
  const words = useWords(AUDIT);
  const verifying = useMutation({ mutationFn: () => get<AuditVerification>('/audit/verification') });
  return (
    <section className="card" aria-label={words.verify}>
      <div className="audit-verify">
        <button type="button" className="button" disabled={verifying.isPending} onClick={() => verifying.mutate()}>
          {verifying.isPending ? words.verifying : words.verify}
        </button>
        <div role="status">{verifying.data ? <Verdict found={verifying.data} /> : null}</div>
      </div>
      <ProblemNote error={verifying.error} />
      {verifying.data ? <Found found={verifying.data} /> : null}
    </section>
  );
}

function Verdict({ found }: { found: AuditVerification }) {
  const words = useWords(AUDIT);
  return found.faultCount === 0 ? (
    <span className="tag good">
      <span aria-hidden="true">●</span>
      {words.whole}
    </span>
  ) : (
    <span className="tag bad">
      <span aria-hidden="true">✕</span>
      {words.broken(found.faultCount)}
    </span>
  );
}

function Found({ found }: { found: AuditVerification }) {
  const words = useWords(AUDIT);
  const { language } = useLanguage();
  return (
    <div className="stack audit-found">
      <p className={found.faultCount === 0 ? 'note good' : 'note bad'}>{found.faultCount === 0 ? words.wholeHint : words.brokenHint}</p>
      <dl className="facts">
        <dt>{words.rows}</dt>
        <dd className="figures">{found.rows.toLocaleString('en')}</dd>
        <dt>{words.head}</dt>
        <dd className="figures">{found.head === null ? '—' : `${found.head.sequence} · ${found.head.hash}`}</dd>
        <dt>{words.checkpoints}</dt>
        <dd className="figures">{found.checkpoints}</dd>
        <dt>{words.signedUpTo}</dt>
        <dd className="figures">{found.signedUpTo}</dd>
        <dt>{words.waitingRows}</dt>
        <dd className="figures">{found.waiting}</dd>
        <dt>{words.took}</dt>
        <dd>{formatDuration(found.tookMs, language)}</dd>
      </dl>
      {found.faults.length === 0 ? null : (
        <Scroll label={words.fault}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{words.fault}</th>
                <th scope="col" className="end">
                  {words.where}
                </th>
                <th scope="col">{words.details}</th>
              </tr>
            </thead>
            <tbody>
              {found.faults.map(({ code, sequence, detail }) => (
                <tr key={`${code} ${sequence} ${detail}`}>
                  <th scope="row">{words.faults[code] ?? code}</th>
                  <td className="end figures">{sequence ?? '—'}</td>
                  <td>{detail}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </div>
  );
}
