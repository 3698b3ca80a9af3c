import { gzipSync } from 'node:zlib';
import { hasBrowser } from '../../e2e/hub/browser.testing.ts';
import { RunningHub } from '../../e2e/hub/running-hub.testing.ts';
import { figure, note, percentile } from '../measure.ts';
import { type FirstPaint, firstPaint } from './first-paint.ts';
import { load, processorOf } from './usage.ts';

const KIB = 1024;
const OPENINGS = 5;
const INITIAL_JAVASCRIPT = 350;

/** What the first page sends before anything else is asked for: the scripts that the document names. */
async function initialScripts(hub: RunningHub): Promise<number> {
  const document = await hub.text('/');
  const names = [...document.matchAll(/(?:src|href)="([^"]+\.m?js)"/g)].map(([, name]) => name ?? '');
  const texts = await Promise.all(
    [...new Set(names)].map((name) => hub.text(new URL(name, hub.url).pathname)),
  );
  return texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
}

/** The start page of a hub that has judged a large cluster, each time with an empty cache. */
export async function pageFigures(hub: RunningHub): Promise<void> {
  const bytes = await initialScripts(hub);
  if (bytes === 0) throw new Error('the page names no scripts');
  figure('initial JavaScript of the page, gzip', bytes / KIB, { most: INITIAL_JAVASCRIPT, unit: 'KiB' });
  if (!hasBrowser) return note('there is no Chromium: the first paint was not measured');
  const openings: FirstPaint[] = [];
  for (let round = 0; round < OPENINGS; round++) openings.push(await firstPaint(hub));
  const times = openings.map(({ paintedMs }) => paintedMs / 1000);
  figure(`first row of the queue painted, median of ${OPENINGS}`, percentile(times, 0.5), {
    most: 1.5,
    unit: 's',
  });
  note(
    `longest ${Math.max(...times).toFixed(2)} s; ${Math.round((openings[0]?.scriptBytes ?? 0) / KIB)} KiB of JavaScript sent for it; load of the machine ${load().toFixed(1)}`,
  );
}

/** `npm start` in a checkout that is built, with an empty database and no kubeconfig: until a browser shows the queue. */
export async function warmStart(): Promise<void> {
  const began = performance.now();
  const hub = RunningHub.spawn({ isByNpm: true });
  try {
    await hub.ready();
    const ready = (performance.now() - began) / 1000;
    const cpu = processorOf({ root: hub.pid }).total;
    const shown = hasBrowser ? await firstPaint(hub) : undefined;
    const total = (performance.now() - began) / 1000;
    figure('npm start of a warm checkout until it answers', ready, { most: 5, unit: 's' });
    note(`CPU ${cpu.toFixed(1)} s of all processes until then`);
    note(
      shown === undefined
        ? 'there is no Chromium: the page was not opened'
        : `until the queue of the demonstration is painted ${total.toFixed(1)} s, the start of the browser included; load of the machine ${load().toFixed(1)}`,
    );
  } finally {
    await hub.remove();
  }
}
