import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const PAGES = [
  '/',
  '/findings',
  '/workloads',
  '/workloads/1/Deployment.apps/storefront/web',
  '/namespaces',
  '/nodes',
  '/secrets',
  '/teams',
  '/changes',
  '/controls',
  '/frameworks',
  '/exceptions',
  '/coverage',
  '/settings',
];
const WIDTHS = [768, 1199, 1200, 1280, 1920, 2560];
const NAMESPACE = 'marketing';
const PATIENT = { timeout: 30_000 };

/** What of the header is cut, lies outside of the window, or on something else. Scripts of the page are texts here. */
const AMISS = `(() => {
  const header = document.querySelector('header');
  const parts = [...header.querySelectorAll('button, input, a')].filter((part) => part.checkVisibility());
  const boxes = parts.map((part) => [part.getAttribute('aria-label') ?? part.textContent, part.getBoundingClientRect()]);
  const within = header.getBoundingClientRect();
  const clock = parts.find((part) => /as of/.test(part.textContent)).querySelector('.mantine-Button-label');
  return [
    ...boxes.filter(([, box]) => box.left < 0 || box.right > innerWidth || box.bottom > within.bottom).map(([name]) => 'outside: ' + name),
    ...boxes.flatMap(([name, a], index) => boxes.slice(index + 1)
      .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
      .filter(([other]) => other !== 'Clear the query')
      .map(([other]) => name + ' lies on ' + other)),
    ...[clock, document.querySelector('.header-words')]
      .filter((text) => text.scrollWidth > text.clientWidth || text.scrollHeight > text.clientHeight)
      .map((text) => 'cut: ' + text.textContent),
    ...(document.querySelector('[data-query]').clientWidth < 180 ? ['narrow: the query'] : []),
    ...(document.documentElement.scrollWidth > innerWidth ? ['the page is wider than its window'] : []),
  ];
})()`;
/** The example of a query, where the field has no room for all of it. */
const CUT_EXAMPLE = `(() => {
  const field = document.querySelector('header [data-query]');
  const { font, paddingLeft, paddingRight } = getComputedStyle(field);
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = font;
  const room = field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  return pen.measureText(field.placeholder).width > room ? [field.placeholder] : [];
})()`;
const CUT_IN_TEAMS = `[...document.querySelectorAll('tbody .top > li > span')]
  .filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.textContent)`;
const FOCUS_IN_QUERY = "document.activeElement?.matches('header [data-query]') === true";

describe.skipIf(!hasBrowser)('the header of every page in Chromium', () => {
  const tried = demoPage();
  const query = () => tried.browser.page.locator('header [data-query]');
  const rows = () => tried.browser.page.locator('tbody tr[data-index]');

  describe.each(PAGES)('of %s', (path) => {
    it('has the query, which / goes to', async () => {
      await tried.browser.visit(tried.hub, path);
      await query().waitFor();
      await tried.browser.page.keyboard.press('/');

      await expect.poll(() => tried.browser.page.evaluate(FOCUS_IN_QUERY), PATIENT).toBe(true);
      expect(await tried.browser.page.locator('[data-query]').count()).toBe(1);
    });
  });

  it.each(['', `asOf=${new Date(Date.now() - 3 * 86_400_000).toISOString()}`, `namespace=${NAMESPACE}`])(
    'has room for all of it at every width: %s',
    async (search) => {
      const wrong: string[] = [];
      for (const width of WIDTHS) {
        await tried.browser.look({ width, scheme: 'light' });
        await tried.browser.visit(tried.hub, `/workloads?q=name%3A*&${search}`);
        await tried.browser.page
          .locator('header')
          .getByRole('link', { name: /seen|loaded/ })
          .waitFor();
        await tried.browser.still();
        const amiss = await tried.browser.page.evaluate<string[]>(AMISS);
        wrong.push(...amiss.map((each) => `${width} px: ${each}`));
      }

      expect(wrong).toEqual([]);
    },
  );

  it.each(WIDTHS)('has an example of a query that is not cut, %s px wide', async (width) => {
    await tried.browser.look({ width, scheme: 'light' });
    const cut: string[] = [];
    for (const path of PAGES) {
      await tried.browser.visit(tried.hub, path);
      await query().waitFor();
      await tried.browser.still();
      cut.push(...(await tried.browser.page.evaluate<string[]>(CUT_EXAMPLE)));
    }

    expect(cut).toEqual([]);
  });

  it.each([
    ['/nodes', 'name:*-1', 'nothing-is-called-this'],
    ['/teams', 'severity:critical', 'nothing-is-called-this'],
    ['/controls', 'id:privileged-container', 'nothing-is-called-this'],
  ])('asks the list of %s', async (path, some, none) => {
    await tried.browser.visit(tried.hub, path);
    await query().fill(some);
    await query().press('Enter');
    await tried.browser.page.waitForURL(/[?&]q=/);
    await tried.browser.settled();
    await rows().first().waitFor();
    await query().fill(none);
    await query().press('Enter');

    await tried.browser.page.getByText(/fits the query/).waitFor();
    expect(tried.browser.faults).toEqual([]);
  });

  it('leaves the teams room to say what they have to do first, where there is only 1280', async () => {
    await tried.browser.visit(tried.hub, '/teams');
    await rows().first().waitFor();
    const cut = await tried.browser.page.evaluate<string[]>(CUT_IN_TEAMS);

    expect(cut).toEqual([]);
  });

  it('asks the list of /coverage, which in a demonstration has no gaps', async () => {
    await tried.browser.visit(tried.hub, '/coverage');
    await tried.browser.page.getByText('Everything was seen and judged.').waitFor();
    await query().fill('kind:lost');
    await query().press('Enter');

    await tried.browser.page.getByText(/fits the query/).waitFor();
    expect(tried.browser.faults).toEqual([]);
  });

  it('leads out of a cluster that is not there any more, which stays in the address from page to page', async () => {
    const { page } = tried.browser;
    await tried.browser.visit(tried.hub, '/findings?cluster=99');
    await page.getByText('The chosen cluster is not there any more.').waitFor();
    const choice = page.getByRole('combobox', { name: 'Cluster' });
    expect(await choice.inputValue()).toBe('not there any more');
    expect(await tried.browser.axe()).toEqual([]);
    await choice.click();
    await page.getByRole('option', { name: 'demo' }).click();
    await rows().first().waitFor();

    expect(new URL(page.url()).searchParams.get('cluster')).toBe('1');
    expect(tried.browser.faults).toEqual([]);
  });

  it('leads to the findings where a page has no list', async () => {
    await tried.browser.visit(tried.hub, '/frameworks');
    await query().fill('severity:critical');
    await query().press('Enter');
    await tried.browser.page.waitForURL(/\/findings\?.*q=severity/);
    await tried.browser.page.getByRole('heading', { name: 'Findings', level: 1 }).waitFor();

    expect(await query().inputValue()).toBe('severity:critical');
    // Who has asked goes on in the list.
    expect(await tried.browser.page.evaluate("document.activeElement?.closest('main') !== null")).toBe(true);
  });

  it('says where a query goes wrong, and takes it away again', async () => {
    await tried.browser.visit(tried.hub, '/findings?q=severity%3Ahgh');
    await tried.browser.page.getByRole('alert').getByText('at character').waitFor();
    expect(await query().getAttribute('aria-invalid')).toBe('true');
    await tried.browser.page.getByRole('button', { name: 'Clear the query' }).click();
    await rows().first().waitFor();

    expect(new URL(tried.browser.page.url()).searchParams.has('q')).toBe(false);
    expect(await tried.browser.page.evaluate(FOCUS_IN_QUERY)).toBe(true);
  });

  it('forgets what was typed and not asked on another page', async () => {
    await tried.browser.visit(tried.hub, '/nodes');
    await query().fill('name:half');
    await tried.browser.page.getByRole('link', { name: 'Secrets', exact: true }).click();
    await tried.browser.page.getByRole('heading', { name: 'Secrets', level: 1 }).waitFor();

    expect(await query().inputValue()).toBe('');
  });

  it('chooses a namespace by keyboard, which stays from page to page and narrows what is shown', async () => {
    await tried.browser.visit(tried.hub, '/workloads');
    await rows().first().waitFor();
    const choice = tried.browser.page.getByRole('combobox', { name: 'Namespace' });
    await choice.focus();
    await tried.browser.page.keyboard.type(NAMESPACE.slice(0, 6));
    await tried.browser.page.getByRole('option', { name: NAMESPACE, exact: true }).waitFor();
    expect(await tried.browser.axe()).toEqual([]);
    await tried.browser.page.keyboard.press('Enter');
    await tried.browser.page.waitForURL(new RegExp(`namespace=${NAMESPACE}`));
    const places = () => tried.browser.page.locator('tbody tr[data-index] td:nth-child(2)').allTextContents();
    await expect.poll(async () => [...new Set(await places())], PATIENT).toEqual([NAMESPACE]);
    for (const name of ['Queue', 'Findings', 'Secrets', 'Teams', 'Controls', 'Frameworks', 'Nodes']) {
      await tried.browser.page.getByRole('link', { name, exact: true }).click();
      await tried.browser.page.waitForURL(new RegExp(`namespace=${NAMESPACE}`));
      await tried.browser.settled();
    }
    await rows().first().waitFor();
    expect(await choice.isDisabled()).toBe(true);

    expect(tried.browser.faults).toEqual([]);
  });

  it('keeps what is decided about to the namespace that is looked at', async () => {
    const q = 'severity:medium';
    const { total } = await tried.hub.call('listFindings', {
      query: { q: `${q} namespace:${NAMESPACE}`, limit: 1 } as never,
    });
    await tried.browser.visit(tried.hub, `/findings?namespace=${NAMESPACE}&q=${encodeURIComponent(q)}`);
    await rows().first().waitFor();
    await tried.browser.page.keyboard.press('X');

    await tried.browser.page.getByRole('toolbar').getByText(`All ${total} that the query finds`).waitFor();
  });
});
