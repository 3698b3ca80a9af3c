import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser, hasBrowser } from './browser.testing.ts';
import { eventually, pause, RunningHub } from './running-hub.testing.ts';

const START_MS = 180_000;

describe.skipIf(!hasBrowser)('notifications in Chromium (needs Chromium)', () => {
  let hub: RunningHub;
  let browser: Browser;
  let receiver: Server;
  const got: string[] = [];
  let status = 200;

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      request.on('data', (part: Buffer) => got.push(part.toString('utf8')));
      request.on('end', () => response.writeHead(status).end('thanks'));
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    hub = await RunningHub.start({ args: ['--demo'] });
    // The month of the demonstration is over when nothing is added any more.
    let before = -1;
    await eventually(
      'the demonstration stands still',
      async () => {
        await pause(1500);
        const changes = (await hub.all('listChanges')).length;
        const isStill = changes > 0 && changes === before;
        before = changes;
        return isStill ? true : undefined;
      },
      START_MS,
    );
    browser = await Browser.open(hub, { width: 1280, scheme: 'light' });
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await hub?.remove();
    receiver?.close();
  }, START_MS);

  /** Makes something to tell: that a finding is no longer accepted. */
  async function acceptForAMoment(): Promise<void> {
    const [finding] = await hub.all('listFindings', 'severity:medium state:open');
    if (finding === undefined) throw new Error('nothing is found in the demonstration');
    const scope = { fingerprints: [finding.fingerprint], clusters: [finding.cluster.id] };
    const { id } = await hub.call('createException', { body: { scope, reason: 'for a moment' } });
    const isCovered = async () =>
      (await hub.all('listFindings', 'state:excepted')).some(
        ({ fingerprint }) => fingerprint === finding.fingerprint,
      );
    await eventually('it is covered', async () => ((await isCovered()) ? true : undefined));
    await hub.call('revokeException', { params: { id: id ?? 0 } });
  }

  it(
    'a channel is made, tested and given a route, and an ended exception is told there',
    async () => {
      const { page } = browser;
      const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/planted-path`;
      await browser.visit(hub, '/settings');
      await page.getByRole('tab', { name: 'Notifications' }).click();
      await page.getByText('Nobody is told anything').waitFor();
      expect(await browser.axe()).toEqual([]);

      await page.getByRole('button', { name: 'New channel' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('pager');
      await page.getByRole('textbox', { name: 'Address' }).fill(address);
      await page.getByRole('button', { name: 'Make a key' }).click();
      expect(await browser.axe()).toEqual([]);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Test channel pager' }).click();
      await page.getByText('sent: 200 thanks').waitFor();

      await page.getByRole('button', { name: 'New route' }).click();
      expect(await browser.axe()).toEqual([]);
      await page.getByRole('combobox', { name: 'From severity' }).click();
      await page.getByRole('option', { name: 'medium' }).click();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('table', { name: 'Routes' }).getByText('at once').waitFor();
      await acceptForAMoment();
      await page.getByRole('table', { name: 'Messages' }).getByText('1 no longer accepted').waitFor();

      await eventually('the message came', () => (got.length === 2 ? true : undefined));
      expect(got[1]).toContain('"state":"opened"');
      expect(await browser.axe()).toEqual([]);
      expect(browser.faults).toEqual([]);
      expect(await page.content()).not.toContain('planted');
    },
    START_MS,
  );

  it(
    'a channel whose receiver fails is said to fail, there and in health, with its messages, until it gets them',
    async () => {
      const { page } = browser;
      const channels = page.getByRole('table', { name: 'Channels' });
      const channel = channels.getByRole('row', { name: 'pager' });
      await channel.getByText('ok', { exact: true }).waitFor();
      status = 500;
      await acceptForAMoment();
      await channel.getByText('failing for').waitFor();
      expect(await channel.textContent()).toContain('500 thanks');
      await page.getByRole('tab', { name: 'Health' }).click();
      await page.getByText(/^failing since .*: 1 to be tried again\. Last answer: 500 thanks$/).waitFor();

      await page.getByRole('tab', { name: 'Notifications' }).click();
      const { id } = await hub.call('createChannel', {
        body: { type: 'slack', name: 'other', url: 'http://127.0.0.1:9/nobody-listens' },
      });
      await hub.call('testChannel', { params: { id } });
      const ofOther = page.getByRole('table', { name: 'Messages' }).getByText('other', { exact: true });
      await ofOther.waitFor();
      await channel.getByRole('link', { name: '1 to be tried again' }).click();
      await page.getByText('Those of channel pager alone.').waitFor();
      await ofOther.waitFor({ state: 'detached' });
      for (const scheme of ['light', 'dark'] as const) {
        await browser.look({ width: 1280, scheme });
        expect(await browser.axe()).toEqual([]);
      }
      await page.getByRole('button', { name: 'Messages of all channels' }).click();
      await ofOther.waitFor();

      status = 200;
      await channel.getByText('ok', { exact: true }).waitFor({ timeout: 90_000 });
      expect(browser.faults).toEqual([]);
    },
    START_MS,
  );

  it('a route keeps its owners whatever they are called, and takes others by name, as it is saved', async () => {
    const { page } = browser;
    const { id: channel } = await hub.call('createChannel', {
      body: { type: 'slack', name: 'chat', url: 'http://127.0.0.1:9/nobody-listens' },
    });
    const owners = ['a|b, c', 'none', null];
    const rest = { severity: 'low', digestMinutes: 0, tellsResolved: true } as const;
    await hub.call('createRoute', { body: { channel, owners, namespaces: ['pay*'], ...rest } });
    await browser.visit(hub, '/settings?by=notifications');
    await page.getByRole('table', { name: 'Routes' }).getByText('“a|b, c”, none, nobody').waitFor();
    const saved = async () =>
      (await hub.call('listRoutes', {})).items.find((route) => route.channel.id === channel);
    const change = async (act: () => Promise<void>) => {
      await page.getByRole('button', { name: 'Change the route to chat' }).click();
      await act();
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      return saved();
    };

    expect(await change(async () => undefined)).toMatchObject({ owners, namespaces: ['pay*'] });
    const others = await change(async () => {
      const field = page.getByRole('dialog').getByRole('combobox', { name: 'Owners' });
      await field.fill('Platform, Core');
      await field.press('Enter');
      await page.getByRole('checkbox', { name: 'And what nobody owns' }).uncheck();
      expect(await browser.axe()).toEqual([]);
    });
    expect(others?.owners).toEqual(['a|b, c', 'none', 'Platform, Core']);
    expect(browser.faults).toEqual([]);
  });
});
