import type { Coverage } from '@beacontower/contracts';
import { formatPercent } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import './coverage.css';
import { relative, signed } from './growth.ts';
import { COVERAGE } from './words.ts';

const LEVELS = ['province', 'city', 'county'] as const;
type LevelOf = Coverage['withCorps']['county'];

/** Coverage of provinces, cities and counties. */
export function Levels({ coverage }: { coverage: Coverage['withCorps'] }) {
  const words = useWords(COVERAGE);
  return (
    <div className="levels">
      {LEVELS.map((level) => (
        <section key={level} className="card" aria-label={words.levels[level]}>
          <h2>{words.levels[level]}</h2>
          <Level of={coverage[level]} />
        </section>
      ))}
    </div>
  );
}

function Level({ of }: { of: LevelOf }) {
  const words = useWords(COVERAGE);
  if (of.total === 0) return <p className="soft">{words.noLevel}</p>;
  if (of.fraction === null)
    return (
      <>
        <p className="level-figure figures">—</p>
        <p className="soft">{words.notKnown(of.total)}</p>
      </>
    );
  return (
    <>
      <p className="level-figure figures">{formatPercent(of.fraction, 2)}</p>
      <CoverageBar fraction={of.fraction} />
      <p>{words.connectedOf(of.connected, of.total)}</p>
      <p className="soft">
        {of.implied > 0 ? `${words.implied(of.implied)} · ` : ''}
        <GrowthText growth={of.growth} />
      </p>
    </>
  );
}

/** How much of the whole, drawn. */
export function CoverageBar({ fraction }: { fraction: number }) {
  return (
    <div className="coverage-bar" aria-hidden="true">
      <span style={{ width: `${fraction * 100}%` }} />
    </div>
  );
}

/** What changed since the beginning. */
export function GrowthText({ growth }: { growth: LevelOf['growth'] }) {
  const words = useWords(COVERAGE);
  if (growth.absolute === null) return words.unknownGrowth;
  const change = signed(growth);
  return change === null ? words.noGrowth : words.growthOf(change, relative(growth));
}
