export const DEFAULT_RETENTION = { rawMs: 14 * 86_400_000, fiveMinutesMs: 180 * 86_400_000, hourMs: 5 * 366 * 86_400_000 };
//# sourceMappingURL=port.js.map