export { combineTimelines } from './combine-timelines.ts';
export { combineStates, neededOf } from './possible.ts';
