import { stringAt } from '@bulwark/core';
import { NAMESPACES } from '../shop/namespaces.ts';
import type { WrittenShop } from '../shop/units.ts';
import { ACTORS } from './actors.ts';
import { daysBefore, type Edit } from './edit.ts';

const MINUTE = 60_000;
const MONTH = 30;

/** How namespaces came to be that are younger than the history: first their own objects, then application by application. */
export function foundings(shop: WrittenShop, now: number): Edit[] {
  return NAMESPACES.filter(({ age }) => age < MONTH).flatMap(({ name, age, apps }) => {
    const start = daysBefore(now, age, '10:00');
    const own = [...shop.objects].filter(
      ([key, object]) => key === `Namespace||${name}` || stringAt(object, 'metadata', 'namespace') === name,
    );
    return [
      ...own.map(([object]): Edit => ({ at: start, actor: ACTORS.mira, object, undo: () => undefined })),
      ...apps.map(
        (app, index): Edit => ({
          at: start + (index + 1) * 12 * MINUTE,
          actor: { ...ACTORS.runner, via: 'helm' },
          app: `${name}/${app.name}`,
          undo: () => undefined,
        }),
      ),
    ];
  });
}
