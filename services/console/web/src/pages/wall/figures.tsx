import type { Wall, WallFigure } from '@beacontower/contracts';
import { memo } from 'react';
import { Link } from 'react-router';
import { useSession } from '../../api/session.tsx';
import { formatDuration, formatPercent, formatPercentUp, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { nameOf } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { BoundsBar, VerdictMark } from '../../parts/figure.tsx';
import { WALL } from './words.ts';

const SHOWN = 3;
/** Figures are computed more seldom than the rest; past this it is said up to when. */
const OLD_MS = 900_000;

/** The national figures: each with what it truly lies between, its verdict, and what is left of its budget. */
export const Figures = memo(function Figures({ wall }: { wall: Wall }) {
  const words = useWords(WALL);
  const shown = wall.figures.slice(0, SHOWN);
  return (
    <section className="wall-figures" aria-label={words.figures}>
      {shown.map((figure) => (
        <Card key={figure.objective} figure={figure} at={wall.at} />
      ))}
      {shown.length === 0 ? (
        <p className="wall-panel wall-none">{wall.figuresAt === null ? words.figuresPending : words.noFigures}</p>
      ) : null}
    </section>
  );
});

function Card({ figure, at }: { figure: WallFigure; at: string }) {
  const words = useWords(WALL);
  const common = useWords(COMMON);
  const { language } = useLanguage();
  const { node } = useSession();
  const { availability, lowest, highest, target, verdict } = figure;
  const name = figure.class !== null && figure.class !== 'other' ? common.classes[figure.class] : nameOf(figure, language);
  return (
    <Link to={`/availability/${encodeURIComponent(figure.objective)}`} className="wall-panel wall-figure">
      <span className="wall-figure-name">
        <strong>{name}</strong>
        <span className="soft">{figure.label}</span>
        {Date.parse(at) - Date.parse(figure.asOf) > OLD_MS ? (
          <span className="wall-figure-forecast">{words.calculated(formatTime(figure.asOf, node.timeZone, 'minute'))}</span>
        ) : null}
        {figure.exhaustedAt === null || figure.leftMs <= 0 ? null : (
          <span className="wall-figure-forecast">{words.exhausted(formatTime(figure.exhaustedAt, node.timeZone, 'minute'))}</span>
        )}
        <VerdictMark verdict={verdict} soFar />
      </span>
      <span className="wall-figure-value figures">
        {availability === null ? <span className="figure-none">{common.noFigure}</span> : formatPercent(availability)}
      </span>
      <span className="wall-figure-side">
        <BoundsBar value={availability} lowest={lowest} highest={highest} target={target} verdict={verdict} />
        <span className="wall-figure-line">
          <span>
            {words.bounds}{' '}
            <b className="figures">
              {lowest === null || highest === null ? '—' : `${formatPercent(lowest)} – ${formatPercentUp(highest)}`}
            </b>
          </span>
          <span>
            {words.target} <b className="figures">{formatPercent(target, 2)}</b>
          </span>
        </span>
        <Budget figure={figure} />
      </span>
    </Link>
  );
}

function Budget({ figure }: { figure: WallFigure }) {
  const words = useWords(WALL);
  const { language } = useLanguage();
  const { leftMs, budgetMs, leftFraction } = figure;
  const all = formatDuration(budgetMs, language);
  const left = Math.min(1, Math.max(0, leftFraction ?? 0));
  return (
    <span className={`wall-budget${leftMs <= 0 ? ' over' : left < 0.25 ? ' low' : ''}`}>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect className="load-ground" width="100" height="10" />
        <rect className="load-bar" width={left * 100} height="10" />
      </svg>
      <span>
        {leftMs < 0 ? words.budgetOver(formatDuration(-leftMs, language), all) : words.budgetLeft(formatDuration(leftMs, language), all)}
      </span>
    </span>
  );
}
