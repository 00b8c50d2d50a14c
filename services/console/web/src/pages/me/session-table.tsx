import type { SessionSummary } from '@beacontower/contracts';
import { useWords } from '../../i18n/language.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { Moment, Since } from '../../parts/since.tsx';
import { agentName } from './agent-name.ts';
import '../../parts/cards.css';
import { ME } from './words.ts';

interface SessionTableProps {
  readonly sessions: readonly SessionSummary[];
  /** Whose they are is shown where they are not one person's. */
  readonly named?: boolean;
  readonly busy: boolean;
  readonly onEnd: (session: SessionSummary) => void;
}

/** Browsers that are signed in, each with a way to end it. */
export function SessionTable({ sessions, named = false, busy, onEnd }: SessionTableProps) {
  const words = useWords(ME);
  return (
    <Scroll label={words.sessions}>
      <table className="plain-table">
        <thead>
          <tr>
            {named ? <th scope="col">{words.name}</th> : null}
            <th scope="col">{words.agent}</th>
            <th scope="col">{words.source}</th>
            <th scope="col">{words.method}</th>
            <th scope="col">{words.stage}</th>
            <th scope="col">{words.began}</th>
            <th scope="col">{words.seen}</th>
            <th scope="col">{words.ends}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id}>
              {named ? <th scope="row">{session.name}</th> : null}
              <td title={session.agent}>
                {agentName(session.agent)} {session.current ? <span className="tag good">{words.current}</span> : null}
              </td>
              <td className="figures">{session.source ?? '—'}</td>
              <td>{words.methods[session.method]}</td>
              <td>{words.stages[session.stage]}</td>
              <td>
                <Moment at={session.createdAt} parts="minute" />
              </td>
              <td>
                <Since at={session.seenAt} />
              </td>
              <td>
                <Moment at={session.expiresAt} parts="minute" />
              </td>
              <td>
                <div className="acts">
                  {session.current ? null : (
                    <button
                      type="button"
                      className="button small"
                      disabled={busy}
                      aria-label={words.endLabel(agentName(session.agent), named ? session.name : (session.source ?? ''))}
                      onClick={() => onEnd(session)}
                    >
                      {words.end}
                    </button>
                  )}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
