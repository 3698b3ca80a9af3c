import { type JsonObject, stringAt } from '@bulwark/core';
import { pickBy } from '../app/care.ts';
import { lastRuns } from '../live/jobs.ts';
import { NODES, nodeObject } from '../live/nodes.ts';
import { storedObject } from '../live/stored.ts';
import { SeededRandom } from '../seeded/random.ts';
import { NAMESPACES } from '../shop/namespaces.ts';
import { writtenShop } from '../shop/units.ts';
import { ACTORS } from './actors.ts';
import { type DemoChange, type DemoHistory, replay } from './change.ts';
import { Controllers } from './controllers.ts';
import { foundings } from './foundings.ts';
import { releases } from './releases.ts';
import { story } from './story.ts';
import { type WrittenTimeline, writtenTimeline } from './timeline.ts';

const DAY = 86_400_000;
/** Days of changes that the history tells. */
const DAYS = 31;

/** What decides a demo: a seed, and the moment that it ends at, in milliseconds since 1970. */
export interface DemoOptions {
  readonly seed: string;
  readonly now: number;
}

/** The shop as it is now: the cluster that `demoHistory` leads to. */
export function demoShop(options: DemoOptions): JsonObject[] {
  return replay(demoHistory(options));
}

/**
 * A month of the shop: what was there thirty days ago, and every change since with who made it. Pure: equal options give
 * equal histories.
 */
export function demoHistory({ seed, now }: DemoOptions): DemoHistory {
  const random = new SeededRandom(seed);
  const shop = writtenShop(now);
  const edits = [
    ...story(now),
    ...foundings(shop, now),
    ...releases(NAMESPACES, random.fork('releases'), now),
  ].filter(({ at }) => at <= now);
  return asLive(writtenTimeline(shop, edits), now);
}

function asLive(timeline: WrittenTimeline, now: number): DemoHistory {
  const controllers = new Controllers();
  const present = new Map<string, JsonObject>();
  const start: JsonObject[] = NODES.map((node, index) => nodeObject(node, iso(now - (640 - index) * DAY)));
  for (const [key, object] of timeline.start) {
    const created = createdAt(key, object, now);
    const stored = storedObject(object, iso(created));
    present.set(key, stored);
    start.push(
      stored,
      ...controllers.begin(stored, Math.max(created, now - (DAYS + 1 + pickBy(key, 40)) * DAY)),
    );
  }
  const changes: DemoChange[] = [];
  for (const { at, actor, key, after } of timeline.changes) {
    const before = present.get(key);
    const created = stringAt(before, 'metadata', 'creationTimestamp') ?? iso(at);
    const stored = after && storedObject(after, created);
    const verb = stored === undefined ? 'delete' : 'upsert';
    changes.push({ at, actor, verb, object: stored ?? before ?? {} });
    changes.push(...controllers.follow(before, stored, at));
    if (stored === undefined) present.delete(key);
    else present.set(key, stored);
  }
  changes.push(...jobRuns([...present.values()], now));
  return { start, changes: changes.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at) };
}

function iso(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}

/** Between the founding of its namespace and the beginning of the history. */
function createdAt(key: string, object: JsonObject, now: number): number {
  const name = stringAt(object, 'metadata', 'namespace') ?? stringAt(object, 'metadata', 'name');
  const age = Math.max(NAMESPACES.find((namespace) => namespace.name === name)?.age ?? 640, DAYS + 2);
  const days = key.startsWith('Namespace|') ? age : DAYS + 1 + pickBy(`age|${key}`, age - DAYS);
  return now - days * DAY - pickBy(`time|${key}`, DAY);
}

function jobRuns(objects: readonly JsonObject[], now: number): DemoChange[] {
  return objects
    .filter((object) => object['kind'] === 'CronJob')
    .flatMap((cronJob) => {
      const created = Date.parse(stringAt(cronJob, 'metadata', 'creationTimestamp') ?? '');
      return lastRuns(cronJob, now, NODES).filter(({ at }) => at > created);
    })
    .flatMap(({ at, job, pod }): DemoChange[] => [
      { at, actor: ACTORS.CronJob, verb: 'upsert', object: job },
      { at: at + 2000, actor: ACTORS.Job, verb: 'upsert', object: pod },
    ]);
}
