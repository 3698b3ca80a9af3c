import { CONTROL_PLANE, ControlPlane } from '@bulwark/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Browser, hasBrowser, type Look } from './browser.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { RunningHub } from './running-hub.testing.ts';

const START_MS = 600_000;
const PAGES = [
  '/',
  '/findings',
  '/findings?by=control',
  '/findings?by=workload',
  '/findings?q=name%3Anothing-has-this-name',
  '/findings?q=severity%3A%3Awrong',
  '/workloads',
  '/namespaces',
  '/nodes',
  '/secrets',
  '/teams',
  '/changes',
  '/changes?from=2026-01-01T00%3A00%3A00Z',
  '/changes?from=2026-01-01T00%3A00%3A00Z&by=findings',
  '/controls',
  '/frameworks',
  '/exceptions',
  '/exceptions?q=waiting%3Ayes',
  '/coverage',
  '/settings',
  '/no-such-page',
];
const LOOKS: readonly Look[] = [1280, 1920].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);
/** The hub answers 400 to a query that makes no sense, and 404 to a missing page; the browser's console says so itself. */
const ANSWERED = /Failed to load resource: the server responded with a status of (400|404)/;
/** Names of the cards whose content is wider than they are. */
const TOO_WIDE = `[...document.querySelectorAll('section.card')]
  .filter((card) => card.scrollWidth > card.clientWidth)
  .map((card) => card.getAttribute('aria-label'))`;

describe.skipIf(CONTROL_PLANE === undefined || !hasBrowser)(
  'the page in Chromium (needs shared/testbed and Chromium)',
  () => {
    let plane: ControlPlane;
    let hub: RunningHub;
    let browser: Browser;

    beforeAll(async () => {
      plane = await ControlPlane.start();
      await plane.load();
      hub = await RunningHub.start({ kubeconfig: plane.kubeconfig() });
      await hub.reaches('live');
      browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
    }, START_MS);

    beforeEach(async () => {
      await browser.anew();
      await browser.look({ width: 1280, scheme: 'light' });
    });

    afterAll(async () => {
      if (hub?.isRunning === false) throw new Error(`the hub ended on its way: ${hub.output}`);
      await browser?.close();
      await hub?.remove();
      await plane?.stop();
    }, START_MS);

    async function firstRow(path: string) {
      await browser.visit(hub, path);
      const row = browser.page.locator('tbody tr[data-index="0"]');
      await row.waitFor();
      return row;
    }

    describe.each(PAGES)('%s', (path) => {
      it('has nothing that axe finds wrong, and no error, in light and dark, at 1280 and 1920', async () => {
        await browser.visit(hub, path);
        const wrong: string[] = [];
        for (const look of LOOKS) {
          await browser.look(look);
          wrong.push(...(await browser.axe()).map((line) => `${look.width} ${look.scheme} ${line}`));
        }

        expect(wrong).toEqual([]);
        expect(browser.faults.filter((line) => !ANSWERED.test(line))).toEqual([]);
      });

      it('can be used at 768: nothing is wider than the window', async () => {
        await browser.look({ width: 768, scheme: 'light' });
        await browser.visit(hub, path);

        const width = await browser.width();
        await browser.look({ width: 1280, scheme: 'light' });
        expect(width).toBeLessThanOrEqual(768);
      });
    });

    it('opens a finding with the patch that mends it, and axe finds nothing wrong with its panel', async () => {
      const row = await firstRow('/findings?q=fixable%3Ayes%20control%3Aallow-privilege-escalation');
      await row.click();
      await browser.page.getByRole('heading', { name: 'Why it matters' }).waitFor();
      await browser.page
        .getByRole('region', { name: 'Patch' })
        .getByText('allowPrivilegeEscalation: false')
        .waitFor();
      await browser.page.getByRole('button', { name: 'Copy patch' }).waitFor();
      const wrong: string[] = [];
      for (const look of LOOKS) {
        await browser.look(look);
        wrong.push(...(await browser.axe()));
      }

      expect(wrong).toEqual([]);
      expect(browser.faults).toEqual([]);
    });

    it('opens the passport of a workload, in which nothing leaves its card', async () => {
      const row = await firstRow('/workloads');
      await row.click();
      await browser.page.getByRole('region', { name: 'Who built it' }).waitFor();
      const wrong: string[] = [];
      for (const look of [...LOOKS, { width: 768, scheme: 'light' } as const]) {
        await browser.look(look);
        wrong.push(...(await browser.axe()), ...(await browser.page.evaluate<string[]>(TOO_WIDE)));
      }

      expect(wrong).toEqual([]);
      expect(browser.faults).toEqual([]);
    });

    it('keeps the cluster and the moment in the address from page to page', async () => {
      const moment = new Date(Date.now() - 1000).toISOString();
      await browser.visit(hub, `/?cluster=1&asOf=${moment}`);
      for (const name of [
        'Workloads',
        'Coverage',
        'Exceptions',
        'Teams',
        'Controls',
        'Frameworks',
        'Findings',
      ]) {
        await browser.page.getByRole('link', { name, exact: true }).click();
        await browser.page.waitForURL(new RegExp(`/${name.toLowerCase()}\\?.*cluster=1.*asOf=`));
        await browser.settled();
        await browser.page.getByRole('heading', { name, level: 1 }).waitFor();
      }

      expect(browser.faults).toEqual([]);
    });

    describe('with the keyboard alone', () => {
      it('goes to the query with /, asks with Enter, and the address says so', async () => {
        await firstRow('/findings');
        await browser.page.keyboard.press('/');
        await browser.page.keyboard.type('severity:critical');
        await browser.page.keyboard.press('Escape');
        await browser.page.keyboard.press('Enter');
        await browser.page.waitForURL(/q=severity/);
        await browser.settled();

        await expect
          .poll(async () => {
            const marks = browser.page.locator('tbody tr[data-index] td:nth-child(2)');
            return new Set(await marks.allTextContents()).size;
          })
          .toBe(1);
      });

      it('moves with j and k, opens with Enter, closes with Esc, and the focus stays on the row', async () => {
        const row = await firstRow('/findings');
        await row.focus();
        await browser.page.keyboard.press('j');
        await browser.page.keyboard.press('j');
        await browser.page.keyboard.press('k');
        const index = () => browser.focusedRow();
        await expect.poll(index).toBe('1');
        await browser.page.keyboard.press('Enter');
        await browser.page.getByRole('heading', { name: 'Why it matters' }).waitFor();
        await browser.page.keyboard.press('Escape');
        await browser.page.locator('aside').waitFor({ state: 'detached' });

        await expect.poll(index).toBe('1');
      });

      it('reaches the first row with j from anywhere on the page', async () => {
        await firstRow('/findings');
        await browser.page.keyboard.press('j');

        await expect.poll(() => browser.focusedRow()).toBe('0');
      });

      it('chooses with x, which offers what can be decided', async () => {
        const row = await firstRow('/findings');
        await row.focus();
        await browser.page.keyboard.press('x');
        await browser.page.keyboard.press('j');
        await browser.page.waitForTimeout(100);
        await browser.page.keyboard.press('x');

        await browser.page.getByRole('toolbar').getByText('2 chosen').waitFor();
        expect(await browser.axe()).toEqual([]);
      });

      it('says what the keys are with ?', async () => {
        await firstRow('/findings');
        await browser.page.keyboard.press('?');

        await browser.page.getByRole('dialog', { name: 'Keys' }).waitFor();
        expect(await browser.axe()).toEqual([]);
        await browser.page.keyboard.press('Escape');
        await browser.page.getByRole('dialog').waitFor({ state: 'detached' });
      });

      it('moves in the queue with j and opens what to do first', async () => {
        await browser.visit(hub, '/');
        await browser.page.locator('button.queue-row').first().waitFor();
        await browser.page.keyboard.press('j');
        await browser.page.keyboard.press('Enter');
        await browser.page.locator('aside').waitFor();
        expect(await browser.axe()).toEqual([]);
        await browser.page.keyboard.press('Escape');

        await browser.page.locator('aside').waitFor({ state: 'detached' });
      });
    });

    describe('the most common tasks', () => {
      it('1: sign in with the link that was printed, once', async () => {
        const other = await RunningHub.start({ kubeconfig: plane.kubeconfig() });
        try {
          const answer = await fetch(`${other.url}/api/v1/session`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ link: other.link.split('#link=')[1] }),
          });
          expect(answer.status).toBe(401);
        } finally {
          await other.remove();
        }
      });

      it('2: find out what to do first, why, and how', async () => {
        await browser.visit(hub, '/');
        await browser.page.locator('button.queue-row').first().click();
        const panel = browser.page.locator('aside');
        await panel.getByText('Next:').waitFor();
        await panel.getByRole('link', { name: /^All .* findings$/ }).click();
        await browser.page.waitForURL(/\/findings\?q=/);
        await browser.page.locator('tbody tr[data-index="0"]').click();
        await browser.page.getByRole('heading', { name: 'How to mend it' }).waitFor();
        expect(browser.faults).toEqual([]);
      });

      it('3: see the critical findings of one namespace', async () => {
        const found = (await hub.all('listFindings')).find(({ resource }) => resource.namespace !== '');
        await firstRow(`/findings?q=namespace%3A${found?.resource.namespace ?? ''}`);
        const objects = await browser.page.locator('tbody tr[data-index] td:nth-child(4)').allTextContents();

        expect(objects.length).toBeGreaterThan(0);
        expect(objects.filter((text) => !text.endsWith(` in ${found?.resource.namespace}`))).toEqual([]);
      });

      it('tells what is wrong in the row: the control, and below it the sentence with the object', async () => {
        const row = await firstRow('/findings');
        const [worst] = (await hub.call('listFindings', { query: { limit: 1 } as never })).items;
        const cell = row.locator('td:nth-child(3)');

        expect(await cell.locator('strong').textContent()).toBe(worst?.title);
        expect(await cell.locator('.quiet').textContent()).toBe(worst?.message);
      });

      it('shows the requirements that fail before the others', async () => {
        await firstRow('/frameworks');
        const verdicts = await browser.page.locator('tbody tr[data-index] td:first-child').allTextContents();

        expect(verdicts).toContain('fail');
        expect(verdicts.slice(0, verdicts.lastIndexOf('fail') + 1).filter((each) => each !== 'fail')).toEqual(
          [],
        );
      });

      it('4: see the line of the object that a finding is about', async () => {
        const row = await firstRow('/findings?q=control%3Aprivileged*');
        await row.click();
        await browser.page.getByRole('heading', { name: 'Evidence' }).waitFor();

        expect(await browser.page.locator('aside [data-marked=true]').count()).toBeGreaterThan(0);
      });

      it('5: give a finding to oneself', async () => {
        const row = await firstRow('/findings');
        await row.focus();
        await browser.page.keyboard.press('x');
        await browser.page.getByRole('button', { name: 'Assign to me' }).click();

        await browser.page.locator('tbody tr', { hasText: 'admin' }).first().waitFor();
        expect(browser.faults).toEqual([]);
      });

      it('6: accept a finding with a reason until a day', async () => {
        const row = await firstRow('/findings?q=severity%3Amedium');
        await row.focus();
        await browser.page.keyboard.press('x');
        await browser.page.getByRole('button', { name: 'Accept with a reason' }).click();
        const dialog = browser.page.getByRole('dialog');
        await dialog.waitFor();
        expect(await browser.axe()).toEqual([]);
        await dialog.getByLabel(/Reason|Why/).fill('The image is replaced with the next release.');
        await dialog.getByRole('button', { name: /Accept|Ask/ }).click();
        await dialog.waitFor({ state: 'detached' });

        await expect
          .poll(async () => (await hub.call('listExceptions', { query: {} as never })).items.length)
          .toBeGreaterThan(0);
        await expect
          .poll(async () => (await hub.all('listFindings', 'state:excepted')).length)
          .toBeGreaterThan(0);
      });

      it('approve what an annotation asks for, from the finding that it is about', async () => {
        const control = 'privileged-container';
        await plane.apply(
          PRIVILEGED_POD('asks', { [`bulwark.dev/except.${control}`]: 'The agent needs it.' }),
        );
        await expect
          .poll(
            async () => (await hub.all('listFindings', `name:asks control:${control}`))[0]?.requested?.reason,
          )
          .toBe('The agent needs it.');
        const row = await firstRow(`/findings?q=name%3Aasks%20control%3A${control}`);
        await row.click();
        await browser.page.getByRole('link', { name: /^Request \d+$/ }).click();
        const panel = browser.page.locator('aside');
        await panel.getByText('The agent needs it.').waitFor();
        for (const look of LOOKS) {
          await browser.look(look);
          expect(await browser.axe()).toEqual([]);
        }
        await panel.getByRole('button', { name: 'Approve' }).click();
        await panel.getByText('Approved by').waitFor();

        await expect
          .poll(
            async () => (await hub.all('listFindings', `name:asks control:${control} state:excepted`)).length,
          )
          .toBe(1);
        expect(browser.faults).toEqual([]);
      });

      it('7: group findings by owner', async () => {
        await browser.visit(hub, '/findings');
        await browser.page.getByText('By owner', { exact: true }).click();
        await browser.page.waitForURL(/by=owner/);
        await browser.settled();

        expect(await browser.page.locator('tbody tr').count()).toBeGreaterThan(0);
      });

      it('8: take the findings away as CSV', async () => {
        await firstRow('/findings');
        const [download] = await Promise.all([
          browser.page.waitForEvent('download'),
          browser.page
            .getByRole('button', { name: 'Export' })
            .click()
            .then(() => browser.page.getByRole('menuitem', { name: /CSV/ }).click()),
        ]);

        expect(download.suggestedFilename()).toMatch(/\.csv$/);
      });

      it('decide about everything that a query finds, after seeing how much that is', async () => {
        const some = (await hub.all('listFindings')).at(-1);
        const q = `severity:${some?.severity ?? ''}`;
        await firstRow(`/findings?q=${encodeURIComponent(q)}`);
        const total = (await hub.all('listFindings', q)).length;
        await browser.page.keyboard.press('X');
        await browser.page.getByRole('toolbar').getByText(`All ${total} that the query finds`).waitFor();
        expect(await browser.axe()).toEqual([]);
        await browser.page.getByRole('button', { name: 'Acknowledge' }).click();
        await browser.page.getByRole('toolbar').waitFor({ state: 'detached' });

        expect(await hub.all('listFindings', `${q} acknowledged:yes`)).toHaveLength(total);
      });

      it('keep a view under a name, and find it again', async () => {
        await browser.visit(hub, '/findings?q=severity%3Ahigh');
        await browser.page.getByRole('button', { name: 'Keep this view' }).click();
        const dialog = browser.page.getByRole('dialog');
        await dialog.getByRole('textbox', { name: 'Name' }).fill('High ones');
        expect(await browser.axe()).toEqual([]);
        await dialog.getByRole('button', { name: 'Keep' }).click();
        await dialog.waitFor({ state: 'detached' });
        await browser.visit(hub, '/findings');
        await browser.page.getByRole('link', { name: 'High ones' }).click();

        await browser.page.waitForURL(/q=severity%3Ahigh|q=severity:high/);
        expect(browser.faults).toEqual([]);
      });

      it('9: see how much was seen, and what was not', async () => {
        await browser.visit(hub, '/');
        await browser.page.getByRole('link', { name: /% seen/ }).click();
        await browser.page.getByRole('heading', { name: 'Coverage' }).waitFor();

        await browser.page.getByText('secrets', { exact: false }).first().waitFor();
      });

      it('10: ask for a moment before the cluster was known, be told so, and come back', async () => {
        await browser.visit(hub, '/findings');
        await browser.page.getByRole('button', { name: 'as of now' }).click();
        await browser.page.getByRole('button', { name: 'yesterday' }).click();
        await browser.page.waitForURL(/asOf=/);
        await browser.page.getByText('Nothing is known of that moment.').first().waitFor();
        await browser.page.getByRole('button', { name: /^as of/ }).click();
        await browser.page.getByRole('button', { name: 'Back to now' }).click();
        await browser.page.locator('tbody tr[data-index="0"]').waitFor();

        // Chromium notes every refusal in the console.
        expect(browser.faults.filter((fault) => !fault.includes('status of 409'))).toEqual([]);
      });
    });
  },
);
