import type { Objective, Page, Report } from '@beacontower/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { get, send } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { nameOf } from '../../i18n/name-of.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { pressKey } from '../../parts/press-key.ts';
import { judgePeriod, suggestedPeriods } from './suggest.ts';
import { REPORTS } from './words.ts';

const FORMATS = ['docx', 'pdf', 'xlsx', 'csv'] as const;
const LANGUAGES = ['zh', 'en'] as const;

function toggled<T>(values: readonly T[], value: T): T[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
}

/** Asks for a report. A second press of the same order makes no second report. */
export function OrderDialog({ onClose }: { onClose: () => void }) {
  const words = useWords(REPORTS);
  const { language } = useLanguage();
  const { node } = useSession();
  const queries = useQueryClient();
  const [key] = useState(pressKey);
  const suggestions = suggestedPeriods(Date.now(), node.timeZone);
  const [period, setPeriod] = useState(suggestions[0] ?? '');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [languages, setLanguages] = useState<readonly (typeof LANGUAGES)[number][]>([language]);
  const [formats, setFormats] = useState<readonly (typeof FORMATS)[number][]>(['docx', 'pdf', 'xlsx']);
  const [tried, setTried] = useState(false);
  const judged = judgePeriod(period, Date.now(), node.timeZone);
  const complete = (judged === 'over' || judged === 'running') && languages.length > 0 && formats.length > 0;
  const order = useMutation({
    mutationFn: () =>
      send<Report>(
        'POST',
        '/reports',
        { period, languages, formats, ...(chosen.length === 0 ? {} : { objectives: chosen }) },
        { idempotencyKey: `${key}-${[period, ...chosen, ...languages, ...formats].join('.')}`.slice(0, 200) },
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['/reports'] });
      onClose();
    },
  });
  const onSubmit = () => {
    setTried(true);
    if (complete) order.mutate();
  };
  return (
    <FormDialog
      title={words.orderTitle}
      submit={words.start}
      busy={order.isPending}
      fault={tried && (languages.length === 0 || formats.length === 0) ? words.chooseOne : null}
      error={order.error}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <PeriodField value={period} onChange={setPeriod} suggestions={suggestions} judged={judged} />
      <ObjectivesField chosen={chosen} onToggle={(id) => setChosen(toggled(chosen, id))} />
      <Boxes
        legend={words.languages}
        of={LANGUAGES.map((value) => ({ value, text: words.languageNames[value] }))}
        chosen={languages}
        onToggle={(value) => setLanguages(toggled(languages, value))}
      />
      <Boxes
        legend={words.formats}
        of={FORMATS.map((value) => ({ value, text: value.toUpperCase() }))}
        chosen={formats}
        onToggle={(value) => setFormats(toggled(formats, value))}
      />
    </FormDialog>
  );
}

interface PeriodProps {
  readonly value: string;
  readonly onChange: (label: string) => void;
  readonly suggestions: readonly string[];
  readonly judged: ReturnType<typeof judgePeriod>;
}

function PeriodField({ value, onChange, suggestions, judged }: PeriodProps) {
  const words = useWords(REPORTS);
  const list = useId();
  const note = useId();
  return (
    <label>
      {words.period}
      <input
        list={list}
        value={value}
        aria-invalid={judged === 'wrong' || judged === 'future'}
        aria-describedby={note}
        onChange={(event) => onChange(event.target.value.trim())}
      />
      <datalist id={list}>
        {suggestions.map((label) => (
          <option key={label} value={label} />
        ))}
      </datalist>
      <span id={note} className={judged === 'wrong' || judged === 'future' ? 'fault' : 'soft'}>
        {judged === 'wrong' ? `${words.periodWrong} (${words.periodHint})` : judged === 'over' ? words.periodHint : words[judged]}
      </span>
    </label>
  );
}

function ObjectivesField({ chosen, onToggle }: { chosen: readonly string[]; onToggle: (id: string) => void }) {
  const words = useWords(REPORTS);
  const { language } = useLanguage();
  const objectives = useQuery({
    queryKey: ['/objectives'],
    queryFn: ({ signal }) => get<Page<Objective>>('/objectives', { limit: 500 }, signal),
  });
  return (
    <Boxes
      legend={`${words.objectives} (${chosen.length === 0 ? words.allObjectives : chosen.length})`}
      of={(objectives.data?.items ?? []).map((objective) => ({ value: objective.id, text: nameOf(objective, language) }))}
      chosen={chosen}
      onToggle={onToggle}
    />
  );
}

interface BoxesProps<T extends string> {
  readonly legend: string;
  readonly of: readonly { readonly value: T; readonly text: string }[];
  readonly chosen: readonly T[];
  readonly onToggle: (value: T) => void;
}

function Boxes<T extends string>({ legend, of, chosen, onToggle }: BoxesProps<T>) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {of.map(({ value, text }) => (
        <label key={value} className="inline">
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => onToggle(value)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
