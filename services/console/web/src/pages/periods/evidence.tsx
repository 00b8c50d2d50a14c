import type { ClosedPeriod, SigningKeys } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { address, get } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import '../../parts/tables.css';
import './periods.css';
import { PERIODS } from './words.ts';

/** The signed bundles of the versions, and what to check them with. */
export function Evidence({ versions }: { versions: readonly ClosedPeriod[] }) {
  const words = useWords(PERIODS);
  const keys = useQuery({
    queryKey: ['/signing-keys'],
    queryFn: ({ signal }) => get<SigningKeys>('/signing-keys', {}, signal),
    staleTime: 600_000,
  });
  const fingerprints = new Map(keys.data?.items.map(({ publicKey, fingerprint }) => [publicKey, fingerprint]));
  return (
    <section aria-label={words.evidence}>
      <h3>{words.evidence}</h3>
      <p className="soft">{words.evidenceHint}</p>
      <ul className="bundles">
        {versions.map(({ id, version, evidence }) => (
          <li key={id}>
            <a href={address(`/periods/${id}/evidence`)} download>
              {words.download(words.version(version))}
            </a>
            <dl className="facts">
              <dt>{words.digest}</dt>
              <dd className="figures digest">{evidence.sha256}</dd>
              <dt>{words.key}</dt>
              <dd className="figures digest">{fingerprints.get(evidence.publicKey) ?? '—'}</dd>
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}
