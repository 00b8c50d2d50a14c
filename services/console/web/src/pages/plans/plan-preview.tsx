import type { SilencePreview } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { send } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Refusal } from '../incidents/refusal.tsx';
import { PLANS } from './words.ts';

const PAUSE_MS = 400;
const SHOWN = 12;

/** What planned work or a silence would be about, asked of the node while one fills it in; nothing is written. */
export function PlanPreview({ sort, request }: { sort: 'maintenance' | 'silence'; request: object | null }) {
  const words = useWords(PLANS);
  const asked = usePaused(request === null ? null : JSON.stringify(request));
  const { data, error, isFetching } = useQuery({
    queryKey: ['/silences/preview', asked],
    queryFn: ({ signal }) => send<SilencePreview>('POST', '/silences/preview', JSON.parse(asked ?? '{}'), { signal }),
    enabled: asked !== null,
    placeholderData: (before) => before,
    staleTime: 10_000,
  });
  return (
    <section className="preview" aria-live="polite" aria-busy={isFetching}>
      <h3>{words.preview}</h3>
      {request === null ? <p className="soft">{words.previewHint}</p> : null}
      {request !== null && data === undefined && error === null ? <p className="soft">{words.previewing}</p> : null}
      {request !== null && error !== null ? <Refusal error={error} /> : null}
      {request !== null && error === null && data !== undefined ? <Found preview={data} sort={sort} /> : null}
    </section>
  );
}

function Found({ preview, sort }: { preview: SilencePreview; sort: 'maintenance' | 'silence' }) {
  const words = useWords(PLANS);
  const { classes } = useWords(COMMON);
  const { objects, incidents, withheldNow, wouldWithhold } = preview;
  return (
    <>
      <p>
        <strong>{words.previewObjects(objects.total)}</strong>
      </p>
      <ul>
        {objects.first.slice(0, SHOWN).map(({ id, name, class: objectClass }) => (
          <li key={id}>
            {name} <span className="soft">{classes[objectClass]}</span>
          </li>
        ))}
      </ul>
      {objects.total > SHOWN ? <p className="soft">{words.andMore(objects.total - Math.min(SHOWN, objects.first.length))}</p> : null}
      <p>
        <strong>{incidents.total === 0 ? words.previewNone : words.previewIncidents(incidents.total)}</strong>
      </p>
      <ul>
        {incidents.first.slice(0, SHOWN).map(({ id, number, title, severity, withheld }) => (
          <li key={id}>
            <SeverityMark severity={severity} />{' '}
            <Link to={`/incidents/${id}`}>
              <span className="figures">#{number}</span> {title}
            </Link>
            {withheld === null ? null : <span className="soft"> {words.withheldBy(withheld)}</span>}
          </li>
        ))}
      </ul>
      {sort === 'silence' ? (
        <p className="soft">
          {words.withheldNow(withheldNow)} · {words.wouldWithhold(wouldWithhold)}
        </p>
      ) : null}
    </>
  );
}

/** A value once it has been the same for a moment: not at every key. */
function usePaused<T>(value: T): T {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}
