import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage, LOOKS } from './tried-page.testing.ts';

const PAGES = [
  '/',
  '/findings',
  '/findings?by=control',
  '/findings?by=workload',
  '/findings?q=name%3Anothing-has-this-name',
  '/findings?q=severity%3A%3Awrong',
  '/workloads',
  '/workloads/1/Deployment.apps/storefront/web',
  '/namespaces',
  '/namespaces?open=1%2Fcheckout',
  '/namespaces?open=1%2Fcrm-old',
  '/nodes',
  '/secrets',
  '/teams',
  '/changes',
  '/changes?from=2026-01-01T00%3A00%3A00Z',
  '/changes?from=2026-01-01T00%3A00%3A00Z&by=findings',
  '/changes?from=2026-01-01T00%3A00%3A00Z&by=findings&move=came',
  '/controls',
  '/frameworks',
  '/exceptions',
  '/exceptions?q=waiting%3Ayes',
  '/coverage',
  '/settings',
  '/settings?by=clusters',
  '/settings?by=owners',
  '/settings?by=users',
  '/settings?by=tokens',
  '/settings?by=notifications',
  '/settings?by=audit',
  '/no-such-page',
];
/** From a tablet held upright to a screen of a desk, px. */
const WIDTHS = [768, 1280, 1920, 2560];
/** The hub answers 400 to a query or a moment that makes no sense, and 404 to a missing page; the browser's console says so itself. */
const ANSWERED = /Failed to load resource: the server responded with a status of (400|404)/;
/** Names of the cards whose content is wider than they are. */
const TOO_WIDE = `[...document.querySelectorAll('section.card')]
  .filter((card) => card.scrollWidth > card.clientWidth)
  .map((card) => card.getAttribute('aria-label'))`;

/** What has to be scrolled sideways to be seen, but for texts that keep their lines. */
const SIDEWAYS = `[...document.querySelectorAll('*')]
  .filter((part) => part.scrollWidth > part.clientWidth && /auto|scroll/.test(getComputedStyle(part).overflowX))
  .filter((part) => !part.matches('.yaml, input'))
  .map((part) => part.querySelector('table')?.getAttribute('aria-label') ?? part.className)`;

describe.skipIf(!hasBrowser)('every page in Chromium', () => {
  const tried = demoPage();

  describe.each(PAGES)('%s', (path) => {
    it('has nothing that axe finds wrong, and no error, in light and dark, at 1280 and 1920', async () => {
      await tried.browser.visit(tried.hub, path);
      const wrong: string[] = [];
      for (const look of LOOKS) {
        await tried.browser.look(look);
        wrong.push(...(await tried.browser.axe()).map((line) => `${look.width} ${look.scheme} ${line}`));
      }

      expect(wrong).toEqual([]);
      expect(tried.browser.faults.filter((line) => !ANSWERED.test(line))).toEqual([]);
    });

    it('fits its window at every width: nothing of it has to be scrolled to sideways', async () => {
      const wide = async (width: number) => {
        const shown = await tried.browser.width();
        const parts = await tried.browser.page.evaluate<string[]>(SIDEWAYS);
        return [...(shown > width ? [`${shown} px`] : []), ...parts].map((part) => `${part} at ${width}`);
      };
      for (const width of WIDTHS) {
        await tried.browser.look({ width, scheme: 'light' });
        await tried.browser.visit(tried.hub, path);
        // A table learns in the next frame that a panel beside it has left it less room.
        await expect.poll(() => wide(width)).toEqual([]);
      }
    });
  });

  it('opens a finding with the patch that mends it, and axe finds nothing wrong with its panel', async () => {
    const row = await tried.firstRow('/findings?q=fixable%3Ayes%20control%3Aallow-privilege-escalation');
    await row.click();
    await tried.browser.page.getByRole('heading', { name: 'Why it matters' }).waitFor();
    await tried.browser.page
      .getByRole('region', { name: 'Patch' })
      .getByText('allowPrivilegeEscalation: false')
      .waitFor();
    await tried.browser.page.getByRole('button', { name: 'Copy patch' }).waitFor();
    const wrong: string[] = [];
    for (const look of LOOKS) {
      await tried.browser.look(look);
      wrong.push(...(await tried.browser.axe()));
    }

    expect(wrong).toEqual([]);
    expect(tried.browser.faults).toEqual([]);
  });

  it('opens the passport of a workload, in which nothing leaves its card', async () => {
    const row = await tried.firstRow('/workloads');
    await row.click();
    await tried.browser.page.getByRole('region', { name: 'Who built it' }).waitFor();
    const wrong: string[] = [];
    for (const look of [...LOOKS, { width: 768, scheme: 'light' } as const]) {
      await tried.browser.look(look);
      wrong.push(...(await tried.browser.axe()), ...(await tried.browser.page.evaluate<string[]>(TOO_WIDE)));
    }

    expect(wrong).toEqual([]);
    expect(tried.browser.faults).toEqual([]);
  });
});
