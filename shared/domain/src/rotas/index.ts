export * from './duty.ts';
export * from './rota.ts';
export { localMoment } from './turns.ts';
