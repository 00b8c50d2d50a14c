/** Words for ids, taken from the configuration that the node was given. */
import { z } from 'zod';
import { NODE } from './network.ts';

export type Names = (id: string) => { readonly zh: string; readonly en: string };

const Named = z.object({ id: z.string(), name: z.string(), nameEn: z.string().optional() });
const Configuration = z.record(z.string(), z.unknown());
const SECTIONS = ['devices', 'circuits', 'internetExits', 'accessLines', 'objectives'];

/** Finds an object's or objective's words by its id, global or local; an interface is named after its device. */
export function namesOf(configuration: string): Names {
  const sections = Configuration.parse(JSON.parse(configuration));
  const named = SECTIONS.flatMap((section) => z.array(Named).parse(sections[section] ?? []));
  const words = new Map(named.map(({ id, name, nameEn }) => [id, { zh: name, en: nameEn ?? name }]));
  return (id) => {
    const [local = '', ...rest] = (id.startsWith(`${NODE}:`) ? id.slice(NODE.length + 1) : id).split('/');
    const { zh, en } = words.get(local) ?? { zh: local, en: local };
    return rest.length === 0 ? { zh, en } : { zh: `${zh} ${rest.join('/')}`, en: `${en} ${rest.join('/')}` };
  };
}
