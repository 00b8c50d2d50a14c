export * from './captures.ts';
export * from './subjects.ts';
