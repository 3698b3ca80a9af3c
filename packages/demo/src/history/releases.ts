import type { AppSpec, NamespaceSpec } from '../app/app-spec.ts';
import type { SeededRandom } from '../seeded/random.ts';
import { ACTORS, type DemoActor } from './actors.ts';
import { type AppEdit, daysBefore } from './edit.ts';

const WORK_DAYS = [1, 2, 3, 4, 5];
/** Applications whose releases the story tells. */
const TOLD = new Set(['storefront/web', 'marketing/newsletter']);

/** New versions of applications, over a month of working days, oldest first in each application. */
export function releases(namespaces: readonly NamespaceSpec[], random: SeededRandom, now: number): AppEdit[] {
  return namespaces.flatMap((namespace) =>
    namespace.apps.flatMap((app) => {
      const name = `${namespace.name}/${app.name}`;
      return TOLD.has(name) ? [] : releasesOf(app, namespace, random.fork(name), now);
    }),
  );
}

function releasesOf(app: AppSpec, namespace: NamespaceSpec, random: SeededRandom, now: number): AppEdit[] {
  if (previousTag(app.tag) === undefined || app.kind === 'Pod') return [];
  const isOwn = !(app.image.split('/')[0] ?? '').includes('.');
  const wanted = isOwn ? random.pick([0, 1, 1, 2, 2, 3, 5]) : random.pick([0, 0, 0, 1]);
  const days = Array.from({ length: Math.min(28, namespace.age - 2) }, (_item, index) => index + 1).filter(
    (day) => WORK_DAYS.includes(new Date(daysBefore(now, day, '12:00')).getUTCDay()),
  );
  return random
    .sample(days, wanted)
    .reverse()
    .map((day): AppEdit => {
      const minutes = random.integer(0, 59).toString().padStart(2, '0');
      const time = `${random.integer(8, 15).toString().padStart(2, '0')}:${minutes}`;
      return {
        at: daysBefore(now, day, time),
        actor: releasedBy(app, namespace),
        app: `${namespace.name}/${app.name}`,
        undo: (after) => after && { ...after, tag: previousTag(after.tag) ?? after.tag },
      };
    });
}

/** Who brings new versions out where neither Git nor the pipeline does it. */
const BY_HAND: Readonly<Record<string, DemoActor>> = {
  logistics: ACTORS.tomasz,
  'data-platform': ACTORS.lena,
  marketing: ACTORS.agency,
  platform: ACTORS.mira,
  observability: ACTORS.noor,
};

function releasedBy({ care }: AppSpec, { team = '' }: NamespaceSpec): DemoActor {
  if (care === 'hardened' || care === 'sound') return ACTORS.argocd;
  const via = care === 'plain' ? 'helm' : 'kubectl';
  return { ...(BY_HAND[team] ?? (care === 'plain' ? ACTORS.runner : ACTORS.jonas)), via };
}

/** The version before one: `1.4.2` after `1.4.1`, `2.0.0-rc.1` after `2.0.0-rc.0`. Undefined where nothing tells. */
export function previousTag(tag: string): string | undefined {
  const candidate = /^(.*-rc\.)(\d+)$/.exec(tag);
  if (candidate !== null) return `${candidate[1] ?? ''}${Math.max(0, Number(candidate[2]) - 1)}`;
  const version = /^(v?\d+)\.(\d+)\.(\d+)$/.exec(tag);
  if (version === null) return undefined;
  const [, major = '', minor = '', patch = ''] = version;
  if (Number(patch) > 0) return `${major}.${minor}.${Number(patch) - 1}`;
  return Number(minor) > 0 ? `${major}.${Number(minor) - 1}.3` : undefined;
}
