import { type SmtpReceiver, startSmtpReceiver, startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { type InventoryOptions, inventoryYaml } from './inventory.ts';
import { createLab, type Lab } from './lab.ts';
import type { LabLayout } from './plan.ts';
import { createProduct, type Product, type ProductOptions } from './product.ts';

const SECRET = 'the secret of the test stand';

export interface StandOptions {
  readonly layout: Partial<LabLayout>;
  readonly interval: InventoryOptions['interval'];
  readonly code?: ProductOptions['code'];
  /** Besides what the stand itself sets. */
  readonly environment?: ProductOptions['environment'];
  /** The sections that say who is told, by the receivers' addresses; the secret of webhooks is in the environment as STAND_SECRET. */
  readonly telling?: (
    hook: string,
    mail: { readonly host: string; readonly port: number; readonly caFile: string },
  ) => Record<string, unknown>;
}

/** A lab with the whole product in its centre, and somebody to tell outside of it. */
export interface Stand {
  readonly lab: Lab;
  readonly product: Product;
  readonly hook: WebhookReceiver;
  readonly mail: SmtpReceiver;
  /** Waits until the product calls every object of the lab up. */
  untilAllUp(timeoutMs?: number): Promise<void>;
  destroy(): Promise<void>;
}

/** Builds the lab, starts receivers and product, and waits until everything is up. */
export async function startStand({ layout, interval, code = 'built', environment = {}, telling }: StandOptions): Promise<Stand> {
  const lab = await createLab(layout);
  const closing: (() => Promise<void>)[] = [() => lab.destroy()];
  const destroy = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const { host, centre } = lab.management;
    const hook = await startWebhookReceiver({ host, secret: SECRET });
    closing.push(() => hook.stop());
    const mail = await startSmtpReceiver({ host });
    closing.push(() => mail.stop());
    const product = createProduct({
      configuration: inventoryYaml(lab.plan, {
        interval,
        webhook: { url: hook.url, secretEnv: 'STAND_SECRET' },
        email: { host, port: mail.port, caFile: mail.caFile, to: 'duty@example.org' },
        ...(telling ? { telling: telling(hook.url, { host, port: mail.port, caFile: mail.caFile }) } : {}),
      }),
      listen: { host: centre, port: 8080 },
      environment: { ...environment, STAND_SECRET: SECRET },
      spawn: (command, args, options) => lab.execInCentre(command, args, options),
      code,
    });
    closing.push(() => product.destroy());
    await product.start();
    const stand: Stand = {
      lab,
      product,
      hook,
      mail,
      destroy,
      untilAllUp: async (timeoutMs = 60_000) => {
        const what = 'every object to be up';
        await waitFor(async () => (await product.api.objects()).every(({ state }) => state === 'up'), { timeoutMs, intervalMs: 200, what });
      },
    };
    await stand.untilAllUp();
    return stand;
  } catch (error) {
    await destroy();
    throw error;
  }
}
