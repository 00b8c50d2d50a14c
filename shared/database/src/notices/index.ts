export * from './notices.ts';
export * from './rules.ts';
export * from './subjects.ts';
