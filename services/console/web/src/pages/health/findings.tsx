import type { SelfFinding } from '@beacontower/contracts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { Since } from '../../parts/since.tsx';
import { adviceOf } from './advice.ts';
import { HEALTH } from './words.ts';

/** What is wrong, the worst first, the longest standing of them first. */
export function Findings({ findings }: { findings: readonly SelfFinding[] }) {
  const words = useWords(HEALTH);
  const { language } = useLanguage();
  const sorted = [...findings].sort((a, b) => a.severity.localeCompare(b.severity) || a.since.localeCompare(b.since));
  return (
    <section className="card" aria-labelledby="findings">
      <h2 id="findings">{words.findings}</h2>
      {sorted.length === 0 ? (
        <p className="soft health-none">{words.noFindings}</p>
      ) : (
        <ul className="health-findings">
          {sorted.map((finding) => (
            <li key={`${finding.code} ${finding.subject}`} className={finding.severity}>
              <span className={finding.severity === 'critical' ? 'tag bad' : 'tag warn'}>
                <span aria-hidden="true">{finding.severity === 'critical' ? '✕' : '▲'}</span>
                {words.severities[finding.severity]}
              </span>
              <div>
                <strong>{finding.text[language]}</strong>
                <div className="soft">
                  {words.todo}: {adviceOf(finding.code, language) ?? '—'}
                </div>
                <code className="soft">{finding.subject === null ? finding.code : `${finding.code} · ${finding.subject}`}</code>
              </div>
              <div className="health-since">
                <div className="soft">{words.since}</div>
                <Since at={finding.since} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
