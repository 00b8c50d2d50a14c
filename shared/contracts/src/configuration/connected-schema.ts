/** The YAML of what is connected: divisions, units, applications, and what divisions report in numbers alone. */
import { z } from 'zod';
import { ADMINISTRATIVE_LEVELS } from '../entities.ts';
import { LocalDate } from './dates.ts';
import { text } from './fault.ts';
import { DivisionId, Id, refuse, Words } from './values.ts';

const DIGITS = /^\d+$/;
const GB_CODE = /^[1-9]\d{5}$/;
/** As the lists of `config/divisions` have them. */
const OWN_CODE = /^[A-Z][A-Z0-9]{2,15}$/;

/** GB/T 2260: six digits; or an internal code, which cannot be taken for one. */
const DivisionCode = z.string().transform((value, ctx): string => {
  const code = value.trim();
  if (GB_CODE.test(code) || OWN_CODE.test(code)) return code;
  return refuse(
    ctx,
    'bad-division-code',
    DIGITS.test(code)
      ? text('this is not a GB/T 2260 code', '不是 GB/T 2260 代码')
      : text('this is not the code of a division', '不是区划代码'),
    text(
      'six digits (GB/T 2260) such as "440103", or an internal code of capitals and digits that begins with a letter, such as BT0100',
      '六位数字（GB/T 2260），如 "440103"；或以字母开头、由大写字母和数字组成的内部代码，如 BT0100',
    ),
  );
});

const dated = { since: LocalDate.optional(), until: LocalDate.optional() };
const level = z.enum(ADMINISTRATIVE_LEVELS);
const amount = z.number().int().nonnegative();

export const ConnectionYaml = z.strictObject({ id: DivisionCode, name: Words.optional(), note: Words.optional(), ...dated });
export const UnitYaml = z.strictObject({
  id: Id,
  name: Words,
  level,
  division: DivisionId.optional(),
  terminals: amount.optional(),
  internetExit: z.boolean().default(false),
  ...dated,
});
export const ApplicationYaml = z.strictObject({ id: Id, name: Words, level, division: DivisionId.optional(), ...dated });
export const TallyYaml = z.strictObject({
  id: Id,
  division: DivisionId.optional(),
  level,
  units: amount.optional(),
  terminals: amount.optional(),
  applications: amount.optional(),
  ...dated,
});
