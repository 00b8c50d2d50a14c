/** Bodies of `POST /api/v1/incidents/{id}/…`; an empty body stands for `{}` where nothing is required. */
import { z } from 'zod';
import { CAUSE_CATEGORY_CODES, causeCategoryOf } from '../cause-categories.ts';
import { ObjectId, Uuid } from './common.ts';

const person = z.string().trim().min(1).max(200);
const note = z.string().trim().min(1).max(4000);

const CATEGORIES = `one of ${CAUSE_CATEGORY_CODES.join(', ')}, or its words in Chinese or English`;
const category = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .describe(CATEGORIES)
  .transform((text, context) => {
    const code = causeCategoryOf(text);
    if (code !== null) return code;
    context.addIssue({ code: 'custom', message: `is no category of causes: ${CATEGORIES}` });
    return z.NEVER;
  });

export const AcknowledgeBody = z.strictObject({ note: note.optional() });
export const AssignBody = z.strictObject({
  to: person.describe('a contact, one of its accounts, or the name of a token'),
  note: note.optional(),
});
export const AcceptBody = z.strictObject({ note: note.optional() });
export const DeclineBody = z.strictObject({ note });
export const CommentBody = z.strictObject({ text: note });
export const MergeBody = z.strictObject({ into: Uuid, note: note.optional() });
export const UnmergeBody = z.strictObject({ note: note.optional() });
export const SplitBody = z.strictObject({ objects: z.array(ObjectId).min(1).max(1000), note: note.optional() });
export const ResolveBody = z.strictObject({ note });
export const CloseBody = z.strictObject({
  causeCategory: category.optional(),
  chargedParty: z.string().min(1).max(200).nullable().optional(),
  note: note.optional(),
});
export const ReopenBody = z.strictObject({ note });
/** What is told to another tier. */
const told = z.string().trim().min(1).max(2000);
export const EscalateBody = z.strictObject({ note: told.describe('what the tier above is asked for, and why') });
export const HandDownBody = z.strictObject({
  node: z.string().min(1).max(63).describe('id of a node that reports here'),
  to: person.optional().describe('whom at that node, if anybody is meant'),
  note: told,
});
export const AcceptHandOverBody = z.strictObject({ note: told.optional() });
export const DeclineHandOverBody = z.strictObject({ note: told });
export const WithdrawHandDownBody = z.strictObject({ note: told.describe('why it is taken back; the node is told') });
