import { Browser } from '../../e2e/hub/browser.testing.ts';
import type { RunningHub } from '../../e2e/hub/running-hub.testing.ts';

/** What opening the start page took. */
export interface FirstPaint {
  /** Milliseconds from the start of the navigation until the first row of the queue is painted. */
  readonly paintedMs: number;
  /** Bytes of JavaScript that were sent until then, compressed. */
  readonly scriptBytes: number;
}

/** Told before the page runs; scripts of it are texts, as this program knows no DOM. */
const WATCH = `(() => {
  const painted = new Promise((done) => {
    new MutationObserver((_changes, observer) => {
      if (document.querySelector('button.queue-row') === null) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => {
        const scripts = performance.getEntriesByType('resource').filter(({ name }) => /\\.m?js(\\?|$)/.test(name));
        done({
          paintedMs: performance.now(),
          scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
        });
      }));
    }).observe(document, { childList: true, subtree: true });
  });
  window.benchPaint = () => painted;
})()`;

/** Opens the start page with a browser that has nothing of it yet. */
export async function firstPaint(hub: RunningHub): Promise<FirstPaint> {
  const browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
  try {
    await browser.page.addInitScript(WATCH);
    await browser.page.goto(`${hub.url}/`);
    await browser.page.locator('button.queue-row').first().waitFor({ timeout: LONGEST_MS });
    return await browser.page.evaluate<FirstPaint>('window.benchPaint()');
  } finally {
    await browser.close();
  }
}

const LONGEST_MS = 60_000;
