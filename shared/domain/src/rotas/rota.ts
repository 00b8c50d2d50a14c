/** One rotation of a rota; `RotaBody` of the contracts parses to it. */
export interface RotaLayer {
  readonly id: string;
  /** In turn. */
  readonly contacts: readonly string[];
  /** Each turn lasts so many local days. */
  readonly days: number;
  /** Local date on which the first contact's turn begins (`YYYY-MM-DD`), and the local minute of the day at which turns change. */
  readonly from: string;
  readonly at: number;
  /** On duty only inside (or outside) the counted time of a calendar; null: always. */
  readonly calendar: { readonly id: string; readonly when: 'inside' | 'outside' } | null;
}

/** Who is on duty when. The last layer that is on duty at a moment wins; overrides win over all layers. */
export interface Rota {
  readonly id: string;
  readonly timeZone: string;
  readonly layers: readonly RotaLayer[];
  /** Those of the configuration. */
  readonly overrides: readonly RotaOverride[];
  /** Who is told when nobody is on duty; null: nobody is. */
  readonly otherwise: string | null;
}

/** Somebody stands in during `[from, to)`, epoch ms. */
export interface RotaOverride {
  readonly contact: string;
  readonly from: number;
  readonly to: number;
  /** Of one made by hand, beside the configuration. */
  readonly id?: string;
}

/** Why somebody is on duty: an override, a layer's turn, the rota's `otherwise`; or why nobody is: `nobody`. */
export type DutyReason = 'override' | 'layer' | 'otherwise' | 'nobody';

/** Who is on duty, and why. `contact` is null with `nobody` alone. */
export interface Duty {
  readonly contact: string | null;
  readonly because: DutyReason;
  /** With `layer`: which. */
  readonly layer: string | null;
  /** With `override`: the id of one made by hand; null: of the configuration. */
  readonly override: string | null;
}
