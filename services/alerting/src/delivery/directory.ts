import { type ChannelBody, carriesSeveral, type TemplateBody } from '@beacontower/contracts';
import { type ChannelTerms, type Database, readCurrentEntities } from '@beacontower/database';

/** The channels and templates of the inventory, and the node's time zone. */
export interface DeliveryDirectory {
  readonly channels: ReadonlyMap<string, ChannelBody>;
  /** The same as a claim needs them. */
  readonly terms: ReadonlyMap<string, ChannelTerms>;
  readonly templates: ReadonlyMap<string, TemplateBody>;
  readonly timeZone: string;
}

/** The directory as of the inventory's newest version, read anew only when that has changed. */
export class DeliveryDirectories {
  readonly #database: Database;
  readonly #claimMarginMs: number;
  #known: { readonly inventory: number; readonly directory: Promise<DeliveryDirectory> } | undefined;

  constructor(database: Database, claimMarginMs: number) {
    this.#database = database;
    this.#claimMarginMs = claimMarginMs;
  }

  /** Of at least version `inventory`. */
  of(inventory: number): Promise<DeliveryDirectory> {
    if (this.#known && this.#known.inventory >= inventory) return this.#known.directory;
    const directory = this.#read();
    this.#known = { inventory, directory };
    // One that could not be read is read again.
    directory.catch(() => {
      if (this.#known?.directory === directory) this.#known = undefined;
    });
    return directory;
  }

  async #read(): Promise<DeliveryDirectory> {
    const [channels, templates, nodes] = await Promise.all([
      readCurrentEntities(this.#database, 'channel'),
      readCurrentEntities(this.#database, 'template'),
      readCurrentEntities(this.#database, 'node'),
    ]);
    const termsOf = ({ kind, limit, timeoutMs }: ChannelBody): ChannelTerms => ({
      groups: carriesSeveral(kind),
      limit,
      lapseMs: timeoutMs + this.#claimMarginMs,
    });
    return {
      channels: new Map(channels.map((channel) => [channel.id, channel])),
      terms: new Map(channels.map((channel) => [channel.id, termsOf(channel)])),
      templates: new Map(templates.map((template) => [template.id, template])),
      timeZone: nodes[0]?.timeZone ?? 'UTC',
    };
  }
}
