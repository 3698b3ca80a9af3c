import { CONTROL_PLANE } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { PRIVILEGED_POD } from './objects.testing.ts';
import { RunningHub } from './running-hub.testing.ts';
import { LOOKS, planePage } from './tried-page.testing.ts';

describe.skipIf(CONTROL_PLANE === undefined || !hasBrowser)(
  'the most common tasks on the page (needs shared/testbed and Chromium)',
  () => {
    const tried = planePage();

    it('keeps the cluster and the moment in the address from page to page', async () => {
      const moment = new Date(Date.now() - 1000).toISOString();
      await tried.browser.visit(tried.hub, `/?cluster=1&asOf=${moment}`);
      for (const name of [
        'Workloads',
        'Coverage',
        'Exceptions',
        'Teams',
        'Controls',
        'Frameworks',
        'Findings',
      ]) {
        await tried.browser.page.getByRole('link', { name, exact: true }).click();
        await tried.browser.page.waitForURL(new RegExp(`/${name.toLowerCase()}\\?.*cluster=1.*asOf=`));
        await tried.browser.settled();
        await tried.browser.page.getByRole('heading', { name, level: 1 }).waitFor();
      }

      expect(tried.browser.faults).toEqual([]);
    });

    it('1: sign in with the link that was printed, once', async () => {
      const other = await RunningHub.start({ kubeconfig: tried.plane.kubeconfig() });
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
      await tried.browser.visit(tried.hub, '/');
      await tried.browser.page.locator('button.queue-row').first().click();
      const panel = tried.browser.page.locator('aside');
      await panel.getByRole('heading', { level: 2 }).waitFor();
      await panel.getByRole('link', { name: /^All .* findings$/ }).click();
      await tried.browser.page.waitForURL(/\/findings\?q=/);
      await tried.browser.page.locator('tbody tr[data-index="0"]').click();
      await tried.browser.page.getByRole('heading', { name: 'How to mend it' }).waitFor();
      expect(tried.browser.faults).toEqual([]);
    });

    it('3: see the critical findings of one namespace', async () => {
      const found = (await tried.hub.all('listFindings')).find(({ resource }) => resource.namespace !== '');
      await tried.firstRow(`/findings?q=namespace%3A${found?.resource.namespace ?? ''}`);
      const objects = await tried.browser.page
        .locator('tbody tr[data-index] td:nth-child(4)')
        .allTextContents();

      expect(objects.length).toBeGreaterThan(0);
      expect(objects.filter((text) => !text.endsWith(` in ${found?.resource.namespace}`))).toEqual([]);
    });

    it('tells what is wrong in the row: the control, and below it the sentence with the object', async () => {
      const row = await tried.firstRow('/findings');
      const [worst] = (await tried.hub.call('listFindings', { query: { limit: 1 } as never })).items;
      const cell = row.locator('td:nth-child(3)');

      expect(await cell.locator('strong').textContent()).toBe(worst?.title);
      expect(await cell.locator('.quiet').textContent()).toBe(worst?.message);
    });

    it('shows the requirements that fail before the others', async () => {
      await tried.firstRow('/frameworks');
      const verdicts = await tried.browser.page
        .locator('tbody tr[data-index] td:first-child')
        .allTextContents();

      expect(verdicts).toContain('fail');
      expect(verdicts.slice(0, verdicts.lastIndexOf('fail') + 1).filter((each) => each !== 'fail')).toEqual(
        [],
      );
    });

    it('4: see the line of the object that a finding is about', async () => {
      const row = await tried.firstRow('/findings?q=control%3Aprivileged*');
      await row.click();
      await tried.browser.page.getByRole('heading', { name: 'Evidence' }).waitFor();

      expect(await tried.browser.page.locator('aside [data-marked=true]').count()).toBeGreaterThan(0);
    });

    it('5: give a finding to oneself', async () => {
      const row = await tried.firstRow('/findings');
      await row.focus();
      await tried.browser.page.keyboard.press('x');
      await tried.browser.page.getByRole('button', { name: 'Assign', exact: true }).click();
      await tried.browser.page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click();

      await tried.browser.page.locator('tbody tr', { hasText: 'admin' }).first().waitFor();
      expect(tried.browser.faults).toEqual([]);
    });

    it('6: accept a finding with a reason until a day', async () => {
      const row = await tried.firstRow('/findings?q=severity%3Amedium');
      await row.focus();
      await tried.browser.page.keyboard.press('x');
      await tried.browser.page.getByRole('button', { name: 'Accept with a reason' }).click();
      const dialog = tried.browser.page.getByRole('dialog');
      await dialog.waitFor();
      expect(await tried.browser.axe()).toEqual([]);
      await dialog.getByLabel(/Reason|Why/).fill('The image is replaced with the next release.');
      await dialog.getByRole('button', { name: /Accept|Ask/ }).click();
      await dialog.waitFor({ state: 'detached' });

      await expect
        .poll(async () => (await tried.hub.call('listExceptions', { query: {} as never })).items.length)
        .toBeGreaterThan(0);
      await expect
        .poll(async () => (await tried.hub.all('listFindings', 'state:excepted')).length)
        .toBeGreaterThan(0);
    });

    it('approve what an annotation asks for, from the finding that it is about', async () => {
      const control = 'privileged-container';
      await tried.plane.apply(
        PRIVILEGED_POD('asks', { [`bulwark.dev/except.${control}`]: 'The agent needs it.' }),
      );
      await expect
        .poll(
          async () =>
            (await tried.hub.all('listFindings', `name:asks control:${control}`))[0]?.requested?.reason,
        )
        .toBe('The agent needs it.');
      const row = await tried.firstRow(`/findings?q=name%3Aasks%20control%3A${control}`);
      await row.click();
      await tried.browser.page.getByRole('link', { name: /^Request \d+$/ }).click();
      const panel = tried.browser.page.getByRole('complementary', { name: /^Request \d+$/ });
      await panel.getByText('The agent needs it.').waitFor();
      for (const look of LOOKS) {
        await tried.browser.look(look);
        expect(await tried.browser.axe()).toEqual([]);
      }
      await panel.getByText('Approving it hides 1 finding, critical.').waitFor();
      await panel.getByRole('link', { name: 'Containers must not be privileged' }).waitFor();
      const dialog = tried.browser.page.getByRole('dialog');
      await panel.getByRole('button', { name: 'Approve' }).click();
      await dialog.getByText('The agent needs it.').waitFor();
      expect(await tried.browser.axe()).toEqual([]);
      // Escape takes the question back, and leaves the panel under it open.
      await tried.browser.page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(
        await panel.getByRole('button', { name: 'Approve' }).evaluate((button) => button.matches(':focus')),
      ).toBe(true);
      await panel.getByRole('button', { name: 'Approve' }).click();
      await dialog.getByRole('button', { name: 'Approve' }).click();
      await panel.getByText('Approved by').waitFor();

      await expect
        .poll(
          async () =>
            (await tried.hub.all('listFindings', `name:asks control:${control} state:excepted`)).length,
        )
        .toBe(1);
      expect(tried.browser.faults).toEqual([]);
    });

    it('refuse what an annotation asks for, with a reason that stands with it', async () => {
      const control = 'privileged-container';
      await tried.plane.apply(
        PRIVILEGED_POD('asks-too', { [`bulwark.dev/except.${control}`]: 'The shell needs it.' }),
      );
      await expect
        .poll(async () =>
          (await tried.hub.call('listExceptions', { query: { q: 'name:asks-too' } as never })).items.map(
            ({ covers }) => covers,
          ),
        )
        .toEqual([1]);
      const row = await tried.firstRow('/exceptions?q=name%3Aasks-too');
      await row.getByText('Containers must not be privileged').waitFor();
      await row.getByText('Pod default/asks-too').waitFor();
      await row.getByRole('button', { name: 'Refuse' }).click();
      const dialog = tried.browser.page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('Debug with an ephemeral container.');
      await dialog.getByRole('button', { name: 'Refuse' }).click();
      await dialog.waitFor({ state: 'detached' });
      await row.getByText('refused').waitFor();
      await row.getByText('by admin').waitFor();
      await row.click();
      const panel = tried.browser.page.locator('aside');
      await panel.getByText('admin: Debug with an ephemeral container.').waitFor();

      expect(await panel.locator('dl').textContent()).toMatch(/Refused\d+ (s|min) ago/);
      expect(tried.browser.faults).toEqual([]);
    });

    it('7: group findings by owner', async () => {
      await tried.browser.visit(tried.hub, '/findings');
      await tried.browser.page.getByText('By owner', { exact: true }).click();
      await tried.browser.page.waitForURL(/by=owner/);
      await tried.browser.settled();

      expect(await tried.browser.page.locator('tbody tr').count()).toBeGreaterThan(0);
    });

    it('8: take the findings away as CSV', async () => {
      await tried.firstRow('/findings');
      const [download] = await Promise.all([
        tried.browser.page.waitForEvent('download'),
        tried.browser.page
          .getByRole('button', { name: 'Export' })
          .click()
          .then(() => tried.browser.page.getByRole('menuitem', { name: /CSV/ }).click()),
      ]);

      expect(download.suggestedFilename()).toMatch(/\.csv$/);
    });

    it('decide about everything that a query finds, after seeing how much that is', async () => {
      const some = (await tried.hub.all('listFindings')).at(-1);
      const q = `severity:${some?.severity ?? ''}`;
      await tried.firstRow(`/findings?q=${encodeURIComponent(q)}`);
      const total = (await tried.hub.all('listFindings', q)).length;
      await tried.browser.page.keyboard.press('X');
      await tried.browser.page.getByRole('toolbar').getByText(`All ${total} that the query finds`).waitFor();
      expect(await tried.browser.axe()).toEqual([]);
      await tried.browser.page.getByRole('button', { name: 'Acknowledge' }).click();
      await tried.browser.page.getByRole('toolbar').waitFor({ state: 'detached' });

      expect(await tried.hub.all('listFindings', `${q} acknowledged:yes`)).toHaveLength(total);
    });

    it('keep a view under a name, and find it again', async () => {
      await tried.browser.visit(tried.hub, '/findings?q=severity%3Ahigh');
      await tried.browser.page.getByRole('button', { name: 'Keep this view' }).click();
      const dialog = tried.browser.page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Name' }).fill('High ones');
      expect(await tried.browser.axe()).toEqual([]);
      await dialog.getByRole('button', { name: 'Keep' }).click();
      await dialog.waitFor({ state: 'detached' });
      await tried.browser.visit(tried.hub, '/findings');
      await tried.browser.page.getByRole('link', { name: 'High ones' }).click();

      await tried.browser.page.waitForURL(/q=severity%3Ahigh|q=severity:high/);
      expect(tried.browser.faults).toEqual([]);
    });

    it('9: see how much was seen, and what was not', async () => {
      await tried.browser.visit(tried.hub, '/');
      await tried.browser.page.getByRole('link', { name: /% seen/ }).click();
      await tried.browser.page.getByRole('heading', { name: 'Coverage' }).waitFor();

      await tried.browser.page.getByText('secrets', { exact: false }).first().waitFor();
    });

    it('10: ask for a moment before the cluster was known, be told so, and come back', async () => {
      const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000).toISOString();
      await tried.browser.visit(tried.hub, `/findings?asOf=${yesterday}`);
      await tried.browser.page.getByText('Nothing was judged yet at this moment.').first().waitFor();
      await tried.browser.page.getByRole('main').getByRole('button', { name: 'Back to now' }).click();
      await tried.browser.page.locator('tbody tr[data-index="0"]').waitFor();

      // Chromium notes every refusal in the console.
      expect(tried.browser.faults.filter((fault) => !fault.includes('status of 409'))).toEqual([]);
    });
  },
);
