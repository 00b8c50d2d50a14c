export * from './escape.ts';
export * from './facts.ts';
export * from './input.ts';
export * from './mail.ts';
export * from './message.ts';
export * from './reasons.ts';
export * from './warning-part.ts';
export * from './wording.ts';
