import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const FAILED = { type: 'about:blank', title: 'No', code: 'internal', detail: 'The disk is full.' };
const FOCUSED = 'document.activeElement?.textContent';

describe.skipIf(!hasBrowser)('what is under way on the page, in Chromium', () => {
  const tried = demoPage();
  const dialog = () => tried.browser.page.getByRole('dialog');
  const line = () => tried.browser.page.getByRole('status', { name: 'Asked for' });

  /** Lets what is asked for wait until it is told to go on. */
  async function held(): Promise<{ readonly asked: Promise<unknown>; readonly goOn: () => void }> {
    const { page } = tried.browser;
    let goOn = () => undefined as unknown;
    const isHeld = new Promise<void>((done) => {
      goOn = done;
    });
    await page.route('**/api/v1/**', async (route) => {
      if (route.request().method() !== 'GET') await isHeld;
      await route.continue();
    });
    return { asked: page.waitForRequest((request) => request.method() !== 'GET'), goOn };
  }

  it.each([
    ['user', '/settings?by=users'],
    ['token', '/settings?by=tokens'],
  ])('keeps the dialog of a new %s, which shows what was made, and the focus', async (what, path) => {
    const { page } = tried.browser;
    await tried.browser.visit(tried.hub, path);
    await page.getByRole('button', { name: `New ${what}` }).click();
    await dialog().getByRole('textbox', { name: 'Name' }).fill(`slow-${what}`);
    const { asked, goOn } = await held();
    await page.keyboard.press('Enter');
    await asked;
    await page.keyboard.press('Escape');
    goOn();

    await dialog().getByRole('button', { name: 'Copy it' }).waitFor();
    expect(await page.evaluate(FOCUSED)).toBe('Copy it');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(tried.browser.faults).toEqual([]);
  });

  it.each(['Assign', 'Defer'])('does not let %s be cancelled once it is asked for', async (act) => {
    const { page } = tried.browser;
    await (await tried.firstRow('/findings')).press('x');
    await page.getByRole('toolbar').getByRole('button', { name: act, exact: true }).click();
    const cancel = dialog().getByRole('button', { name: 'Cancel' });
    expect(await cancel.isEnabled()).toBe(true);
    const { asked, goOn } = await held();
    await dialog().getByRole('button', { name: act, exact: true }).click();
    await asked;

    await expect.poll(() => cancel.isDisabled()).toBe(true);
    expect(await dialog().count()).toBe(1);
    goOn();
    await dialog().waitFor({ state: 'detached' });
  });

  it('removes a view once, and closes its dialog after it', async () => {
    const { page } = tried.browser;
    const view = { q: 'severity:high fixable:yes' };
    await tried.hub.call('createView', { body: { name: 'to be removed', isShared: false, view } });
    await tried.firstRow(`/findings?q=${encodeURIComponent(view.q)}`);
    await page.getByRole('button', { name: 'Change this view' }).click();
    await dialog().getByRole('button', { name: 'Remove the view to be removed' }).click();
    const { asked, goOn } = await held();
    let count = 0;
    page.on('request', (request) => {
      if (request.method() === 'DELETE') count++;
    });
    const removal = dialog().getByRole('button', { name: 'Really remove the view to be removed' });
    await removal.click();
    await asked;
    await removal.press('Enter');
    await page.keyboard.press('Escape');
    expect(await dialog().getByRole('button', { name: 'Cancel' }).isDisabled()).toBe(true);
    goOn();
    await dialog().waitFor({ state: 'detached' });

    expect(count).toBe(1);
    expect(tried.browser.faults).toEqual([]);
  });

  it('says at once that nothing was accepted where the hub is away, whatever else is asked', async () => {
    const { page } = tried.browser;
    await (await tried.firstRow('/findings')).press('x');
    await page.getByRole('toolbar').getByRole('button', { name: 'Accept with a reason' }).click();
    await dialog().getByRole('textbox', { name: 'Reason' }).fill('The hub is away.');
    await page.route('**/api/v1/**', (route) =>
      route.request().method() === 'POST' ? route.abort() : new Promise(() => undefined),
    );
    await dialog()
      .getByRole('button', { name: /^(Accept|Ask for approval)$/ })
      .click();

    await dialog().getByText('The hub does not answer.').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  it('says how it ends what was asked for in a dialog that was left, and does not ask for it twice', async () => {
    const { page } = tried.browser;
    const accepted = async () => (await tried.hub.call('listExceptions', { query: {} })).total;
    const before = await accepted();
    const open = async () => {
      await page.getByRole('toolbar').getByRole('button', { name: 'Accept with a reason' }).click();
      await dialog().waitFor();
    };
    await (await tried.firstRow('/findings')).press('x');
    await open();
    await dialog().getByRole('textbox', { name: 'Reason' }).fill('It is left.');
    const { asked, goOn } = await held();
    await dialog()
      .getByRole('button', { name: /^(Accept|Ask for approval)$/ })
      .click();
    await asked;
    await dialog().getByRole('button', { name: 'Leave' }).nth(1).waitFor();
    const line = page.locator('[role=status][aria-label="Asked for"]');
    // As long as its dialog is there that says it.
    await page.waitForTimeout(2000);
    expect(await line.textContent()).toBe('');
    await dialog().getByRole('button', { name: 'Leave' }).nth(1).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await line.textContent()).toContain('“Accept 1 finding” was asked for and has no answer yet.');

    await open();
    await dialog().getByText('has no answer yet').waitFor();
    expect(await dialog().getByRole('textbox').count()).toBe(0);
    goOn();
    await dialog().getByText('“Accept 1 finding” is done by now.').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await line.getByRole('button', { name: 'Close' }).click();

    expect(await line.textContent()).toBe('');
    await expect.poll(accepted).toBe((before ?? 0) + 1);
    expect(tried.browser.faults).toEqual([]);
  });

  it('leaves another dialog open when what was left has an answer, and says how a link is made anew', async () => {
    const { page } = tried.browser;
    await tried.browser.visit(tried.hub, '/settings?by=users');
    await page.getByRole('button', { name: 'New user' }).click();
    await dialog().getByRole('textbox', { name: 'Name' }).fill('left-alone');
    const { asked, goOn } = await held();
    await page.keyboard.press('Enter');
    await asked;
    await dialog().getByText('The hub does not answer.').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Change user' }).first().click();
    await dialog().waitFor();
    goOn();

    await page
      .getByText('The link of left-alone was shown to nobody: Change, New link makes another one.')
      .waitFor();
    expect(await dialog().count()).toBe(1);
    expect(tried.browser.faults).toEqual([]);
  });

  it('says that one is still signed in where the hub does not sign one out', async () => {
    const { page } = tried.browser;
    await tried.browser.visit(tried.hub, '/findings');
    const address = '**/api/v1/session';
    await page.route(address, (route) =>
      route.request().method() === 'DELETE' ? route.abort() : route.continue(),
    );
    await page.getByRole('button', { name: /^Signed in as/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();

    await dialog().getByText('The hub does not answer: you may still be signed in.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/findings');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Findings' }).waitFor();
  });

  it.each([
    ['somebody who sees everything', {}],
    ['somebody whose role sees nothing', { role: 'ci', permissions: [] }],
  ])('says on the page what becomes of a sign-out that was left, to %s', async (_whom, other) => {
    const { page } = tried.browser;
    let count = 0;
    let fail = () => undefined as unknown;
    const isHeld = new Promise<void>((done) => {
      fail = done;
    });
    await page.route('**/api/v1/session', async (route) => {
      if (route.request().method() !== 'DELETE') {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: { ...(await answer.json()), ...other } });
        return;
      }
      count++;
      await isHeld;
      await route.fulfill({ status: 503, json: { ...FAILED, status: 503 } });
    });
    const signOut = async () => {
      if ('role' in other) await page.getByRole('button', { name: 'Sign out' }).click();
      else {
        await page.getByRole('button', { name: /^Signed in as/ }).click();
        await page.getByRole('menuitem', { name: 'Sign out' }).click();
      }
    };
    await page.goto(`${tried.hub.url}/settings`);
    await signOut();
    await dialog().getByText('The hub has not answered yet: you are still signed in.').waitFor();
    await dialog().getByRole('button', { name: 'Leave' }).nth(1).click();
    await dialog().waitFor({ state: 'detached' });
    await line().getByText('“Sign out” was asked for and has no answer yet. It may still be done.').waitFor();

    await signOut();
    await dialog().getByText('has no answer yet').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    fail();

    await line().getByText('“Sign out” was asked for, and failed: The disk is full.').waitFor();
    expect([count, await dialog().count()]).toEqual([1, 0]);
    await line().getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => line().textContent()).toBe('');
  });

  it('says on the page what has no answer for long though no dialog asked for it, and how it ends', async () => {
    const { page } = tried.browser;
    await tried.hub.call('createToken', { body: { name: 'slow-to-go', role: 'viewer', days: 1 } });
    await tried.browser.visit(tried.hub, '/settings?by=tokens');
    await page.getByRole('button', { name: 'Remove token slow-to-go' }).click();
    const { asked, goOn } = await held();
    await page.getByRole('button', { name: 'Really remove token slow-to-go' }).click();
    await asked;

    await line()
      .getByText('“Remove token slow-to-go” was asked for and has no answer yet. It may still be done.')
      .waitFor();
    await page.getByRole('link', { name: 'Nodes', exact: true }).click();
    await page.getByRole('heading', { name: 'Nodes' }).waitFor();
    goOn();
    await line().getByText('“Remove token slow-to-go” is done by now.').waitFor();
    expect(tried.browser.faults).toEqual([]);
  });

  it('says so of a comment, of triage and of what is taken', async () => {
    const { page } = tried.browser;
    await (await tried.firstRow('/findings')).press('Enter');
    await page.getByRole('textbox', { name: 'Comment' }).fill('Somebody looks at it.');
    const { goOn } = await held();
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).first().click();
    await page.getByRole('link', { name: 'Queue', exact: true }).click();
    await page
      .getByRole('button', { name: /^Take it: / })
      .first()
      .click();

    for (const what of [/“Comment on \w+ .+” was asked for/, /“Acknowledge 1 finding” was/, /“Take: .+” was/])
      await line().getByText(what).waitFor();
    expect(await tried.browser.axe()).toEqual([]);
    goOn();
    await expect.poll(() => line().getByText('is done by now').count(), { timeout: 30_000 }).toBe(3);
    expect(tried.browser.faults).toEqual([]);
  });

  it('offers nothing of before for a query that goes on, while what is offered now is under way', async () => {
    const { page } = tried.browser;
    await tried.firstRow('/findings');
    const query = page.locator('[data-query]');
    await query.fill('');
    await query.pressSequentially('severity:');
    const critical = page.getByRole('option', { name: /^critical/ });
    await critical.waitFor();
    await page.route('**/api/v1/complete*', () => new Promise(() => undefined));
    await query.pressSequentially('cr');
    await page.getByRole('option', { name: /^high/ }).waitFor({ state: 'detached' });
    expect(await critical.count()).toBe(1);
    await query.pressSequentially('itical namespace:shop');

    await critical.waitFor({ state: 'detached' });
    expect(await query.inputValue()).toBe('severity:critical namespace:shop');
  });
});
