import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '@bulwark/core';
import { openStore } from '@bulwark/store';
import { describe, expect, it } from 'vitest';
import { hasBrowser } from './browser.testing.ts';
import { eventually } from './running-hub.testing.ts';
import { demoPage } from './tried-page.testing.ts';

const FOCUS_IN_PANEL = "document.activeElement?.closest('aside') !== null";
/** A busy machine takes its time. */
const PATIENT = { timeout: 60_000 };

describe.skipIf(!hasBrowser)('the panel beside a list, in Chromium', () => {
  const tried = demoPage();
  const panel = () => tried.browser.page.locator('aside');
  const title = () => panel().getByRole('heading', { level: 2 }).textContent();
  const press = (key: string) => tried.browser.page.keyboard.press(key);

  async function opened(path: string): Promise<void> {
    const row = await tried.firstRow(path);
    await row.focus();
    await press('Enter');
    await panel().waitFor();
  }

  it('tells a link from the words beside it in the dark, also where it is shorter than they are', async () => {
    await tried.browser.look({ width: 1280, scheme: 'dark' });
    await tried.browser.visit(tried.hub, '/namespaces?open=1%2Fci');
    await panel().getByRole('link', { name: 'privileged-container' }).waitFor();

    expect(await tried.browser.axe()).toEqual([]);
  });

  it('tells the links of sentences from their words in the dark, in the panel of a secret', async () => {
    await tried.browser.look({ width: 1280, scheme: 'dark' });
    await opened('/secrets');
    await panel().getByText(' may ').first().waitFor();

    expect(await tried.browser.axe()).toEqual([]);
  });

  it('counts the open findings of a control, without an accepted one whose panel it is', async () => {
    const q = 'control:allow-privilege-escalation';
    const [finding] = await tried.hub.all('listFindings', q);
    const fingerprints = [finding?.fingerprint ?? ''];
    const body = { scope: { clusters: [1], fingerprints }, reason: 'It is known, and will stay.' };
    await tried.hub.call('createException', { body });
    const open = await eventually('it is accepted', async () => {
      const [accepted] = await tried.hub.all('listFindings', `fingerprint:${fingerprints[0]} state:excepted`);
      return accepted === undefined ? undefined : await tried.hub.all('listFindings', q);
    });
    await tried.browser.visit(tried.hub, `/findings?open=1.${fingerprints[0]}`);

    await panel()
      .getByRole('link', { name: `All ${open.length} of allow-privilege-escalation` })
      .waitFor();
  });

  it('has each of very many gaps, however far down in the list it is', async () => {
    const folder = join(tried.hub.folder, 'data', 'demo');
    const port = readFileSync(join(folder, 'data-18', 'postmaster.pid'), 'utf8').split('\n')[3];
    const password = readFileSync(join(folder, 'password'), 'utf8');
    const url = new Secret(`postgres://bulwark:${password}@127.0.0.1:${port}/postgres`);
    const store = await openStore({ url, now: new Date(), connections: 1, migrate: false });
    await store.pool.query(`insert into coverage (cluster_id, code, subject, kind, reason, since)
      select 1, 'bad-object', 'Deployment shop/' || n, 'lost', 'It is number ' || n || '.', now() from generate_series(100, 250) n`);
    await store.close();
    await tried.browser.visit(tried.hub, '/coverage?open=1%2Fbad-object%2FDeployment+shop%2F249');

    await panel().getByText('It is number 249.').waitFor();
  });

  it.each(['/findings', '/namespaces'])('is closed by Back, which does not leave %s', async (path) => {
    await tried.browser.visit(tried.hub, '/nodes');
    await opened(path);
    await tried.browser.page.goBack();
    await panel().waitFor({ state: 'detached' });

    expect(new URL(tried.browser.page.url()).pathname).toBe(path);
  });

  it('leaves no step behind when Esc closes it: Back is then where one came from', async () => {
    await tried.browser.visit(tried.hub, '/nodes');
    await opened('/findings');
    await press('Escape');
    await press('Escape');
    await panel().waitFor({ state: 'detached' });
    await tried.browser.page.waitForURL(
      (url) => url.pathname === '/findings' && !url.searchParams.has('open'),
    );
    await tried.browser.page.goBack();

    await tried.browser.page.waitForURL((url) => url.pathname === '/nodes');
  });

  it('goes along with j and k, and however far, one Back closes it', async () => {
    await opened('/namespaces');
    const first = await title();
    await press('j');
    await expect.poll(title, PATIENT).not.toBe(first);
    await press('j');
    await press('k');
    await press('k');
    await expect.poll(title, PATIENT).toBe(first);
    await tried.browser.page.goBack();

    await panel().waitFor({ state: 'detached' });
    expect(new URL(tried.browser.page.url()).pathname).toBe('/namespaces');
  });

  it('takes the focus with a second Enter, and Esc gives it back to the row', async () => {
    await opened('/findings');
    await press('j');
    await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('1');
    await press('Enter');
    await expect.poll(() => tried.browser.page.evaluate(FOCUS_IN_PANEL), PATIENT).toBe(true);
    await press('Escape');
    await panel().waitFor({ state: 'detached' });

    await expect.poll(() => tried.browser.focusedRow(), PATIENT).toBe('1');
  });

  it('of the queue goes along with j, takes the focus with Enter, and gives it back with Esc', async () => {
    await tried.browser.visit(tried.hub, '/');
    await tried.browser.page.locator('button.queue-row').first().focus();
    await press('Enter');
    await panel().waitFor();
    const first = await title();
    await press('j');
    await expect.poll(title, PATIENT).not.toBe(first);
    await press('Enter');
    await expect.poll(() => tried.browser.page.evaluate(FOCUS_IN_PANEL), PATIENT).toBe(true);
    await press('Escape');
    await panel().waitFor({ state: 'detached' });

    expect(await tried.browser.page.locator('button.queue-row:focus').count()).toBe(1);
    expect(tried.browser.faults).toEqual([]);
  });

  it('of a secret says in sentences who may read it, through which binding and role, and links them', async () => {
    const { items } = await tried.hub.call('listSecrets', {
      query: { q: 'readable-by:*ServiceAccount*' } as never,
    });
    const secret = items[0];
    if (secret === undefined) throw new Error('the demonstration has no such secret');
    await tried.browser.visit(tried.hub, `/secrets?q=${encodeURIComponent(`name:${secret.name}`)}`);
    await tried.browser.page.locator('tbody tr[data-index="0"]').press('Enter');
    const sentence = panel()
      .getByText(/may (get|list|watch).* it through/)
      .first();
    await sentence.waitFor();
    expect(await sentence.textContent()).toMatch(/through (Cluster)?RoleBinding \S+ to (Cluster)?Role \S+/);
    expect(await sentence.getByRole('link').count()).toBeGreaterThanOrEqual(2);
    expect(await tried.browser.axe()).toEqual([]);
    await sentence.getByRole('link', { name: /RoleBinding/ }).click();
    await tried.browser.page.getByRole('heading', { name: 'What it says' }).waitFor();

    expect(await tried.browser.axe()).toEqual([]);
    expect(tried.browser.faults).toEqual([]);
  });

  it('of a node has its versions with who says until when they are supported, and what runs on it', async () => {
    await opened('/nodes');
    await panel().getByRole('link', { name: 'kubernetes.io' }).waitFor();
    expect(await tried.browser.axe()).toEqual([]);
    await panel().getByRole('link', { name: / \/ / }).first().click();

    await tried.browser.page.waitForURL(/\/workloads\/./);
    expect(tried.browser.faults).toEqual([]);
  });

  it('of a finding about what runs no pods leads to a page of the object', async () => {
    await opened(`/findings?q=${encodeURIComponent('kind:ClusterRole')}`);
    await panel()
      .getByRole('link', { name: /ClusterRole / })
      .first()
      .click();

    await tried.browser.page.getByRole('heading', { name: 'What it says' }).waitFor();
    expect(tried.browser.faults).toEqual([]);
  });
});

describe.skipIf(!hasBrowser)('lists, in Chromium', () => {
  const tried = demoPage();

  it('leave a very wide window to all of their columns', async () => {
    await tried.browser.look({ width: 2560, scheme: 'light' });
    await tried.firstRow('/findings');
    const finding = await tried.browser.page.getByRole('columnheader', { name: 'Finding' }).boundingBox();
    const object = await tried.browser.page.getByRole('columnheader', { name: 'Object' }).boundingBox();

    expect(finding?.width).toBeLessThan(1300);
    expect(object?.width).toBeGreaterThan(400);
  });

  it('of what to do are asked with /, and the address says what and whose', async () => {
    await tried.browser.visit(tried.hub, '/');
    await tried.browser.page.locator('button.queue-row').first().waitFor();
    await tried.browser.page.keyboard.press('/');
    await tried.browser.page.keyboard.type('severity:critical');
    await tried.browser.page.keyboard.press('Escape');
    await tried.browser.page.keyboard.press('Enter');
    await tried.browser.page.waitForURL(/q=severity/);
    await tried.browser.page.getByRole('switch', { name: 'Mine only' }).press('Space');
    await tried.browser.page.waitForURL(/mine=yes/);
    await tried.browser.page.reload();
    await tried.browser.page.getByText('Nobody has given you anything to do.').waitFor();
    await tried.browser.page.goBack();
    await tried.browser.page.waitForURL((url) => !url.searchParams.has('mine'));

    await tried.browser.page.locator('button.queue-row').first().waitFor();
    expect(await tried.browser.axe()).toEqual([]);
    expect(tried.browser.faults).toEqual([]);
  });
});
