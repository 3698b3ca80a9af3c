import { ControlPlane } from '@bulwark/testkit';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { Browser, type Look } from './browser.testing.ts';
import { eventually, RunningHub } from './running-hub.testing.ts';

const START_MS = 600_000;
const LOADED_MS = 180_000;
const USUAL: Look = { width: 1280, scheme: 'light' };

const IS_FULL = process.env['BULWARK_PROOF'] === 'full';

/** The looks in which each page is judged: both widths and both schemes, in full each with each. */
export const LOOKS: readonly Look[] = [
  USUAL,
  ...(IS_FULL
    ? ([
        { width: 1280, scheme: 'dark' },
        { width: 1920, scheme: 'light' },
      ] as const)
    : []),
  { width: 1920, scheme: 'dark' },
];

/** A hub, and a browser that is signed in to it with a new page for each test, while the tests of a file run. */
export interface TriedPage {
  readonly hub: RunningHub;
  readonly browser: Browser;
  /** Goes to an address, and answers the first row of the table there. */
  readonly firstRow: (path: string) => Promise<ReturnType<Browser['page']['locator']>>;
}

/** The page of a hub that is started with the demonstration, for which nothing else is needed. */
export function demoPage(): TriedPage {
  return triedPage(async () => {
    const hub = await RunningHub.start({ args: ['--demo'] });
    await eventually(
      'all days of the demonstration are loaded',
      async () => {
        const { items } = await hub.call('listClusters', {});
        return items.some(({ state, reason }) => state === 'live' && reason === null) ? true : undefined;
      },
      LOADED_MS,
    );
    return hub;
  });
}

/** The page of a hub that watches a control plane with something in it. */
export function planePage(): TriedPage & { readonly plane: ControlPlane } {
  let plane: ControlPlane | undefined;
  beforeAll(async () => {
    plane = await ControlPlane.start();
    await plane.load();
  }, START_MS);
  afterAll(async () => {
    await plane?.stop();
  }, START_MS);
  const page = triedPage(() => RunningHub.start({ kubeconfig: there(plane).kubeconfig() }));
  return {
    get plane() {
      return there(plane);
    },
    get hub() {
      return page.hub;
    },
    get browser() {
      return page.browser;
    },
    firstRow: page.firstRow,
  };
}

function triedPage(start: () => Promise<RunningHub>): TriedPage {
  let hub: RunningHub | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    hub = await start();
    await hub.reaches('live');
    browser = await Browser.open(hub, USUAL);
  }, START_MS);
  beforeEach(async () => {
    await browser?.anew();
    await browser?.look(USUAL);
  });
  afterAll(async () => {
    if (hub?.isRunning === false) throw new Error(`the hub ended on its way: ${hub.output}`);
    await browser?.close();
    await hub?.remove();
  }, START_MS);
  return {
    get hub() {
      return there(hub);
    },
    get browser() {
      return there(browser);
    },
    firstRow: async (path) => {
      await there(browser).visit(there(hub), path);
      const row = there(browser).page.locator('tbody tr[data-index="0"]');
      await row.waitFor();
      return row;
    },
  };
}

function there<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('it has not started');
  return part;
}
