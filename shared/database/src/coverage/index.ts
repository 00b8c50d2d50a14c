export * from './coverage.ts';
export { type DivisionList, readDivisionLists } from './lists.ts';
