import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { RunningHub } from './running-hub.testing.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What is shared between its processes would else fill a small /dev/shm, and the page crash.
  '--disable-dev-shm-usage',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Scripts of the page are texts here, as this program knows no DOM. */
const STILL = `(async () => {
  for (let round = 0; round < 3; round++) {
    await new Promise((done) => requestAnimationFrame(done));
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  }
})()`;
const FOCUSED = "document.activeElement?.getAttribute('data-index') ?? 'none'";

/** Whether there is a browser to try the page with. */
export const hasBrowser = CHROMIUM !== undefined;

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
  }[];
}

export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** A browser that is signed in to a hub and notes everything that goes wrong. */
export class Browser {
  page: Page;
  /** Errors of scripts, errors of the console and violations of the content security policy. */
  readonly faults: string[] = [];
  private readonly context: BrowserContext;
  private readonly profile: string;

  private constructor(context: BrowserContext, page: Page, profile: string) {
    this.context = context;
    this.page = page;
    this.profile = profile;
    this.listen(page);
  }

  /** A new page, so that no test depends on what another left behind. */
  async anew(): Promise<void> {
    const old = this.page;
    this.page = await this.context.newPage();
    await old.close();
    this.listen(this.page);
    this.faults.length = 0;
  }

  private listen(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        this.faults.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.faults.push(`${page.url()}: ${error.message}`));
  }

  static async open(hub: RunningHub, { width, scheme }: Look): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'bulwark-browser-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM ?? '',
      headless: true,
      args: FLAGS,
      viewport: { width, height: 900 },
      colorScheme: scheme,
    });
    await context.addCookies([{ ...hub.session, url: hub.url }]);
    return new Browser(context, context.pages()[0] ?? (await context.newPage()), profile);
  }

  /** Goes to an address of the hub and waits until nothing is loading any more. */
  async visit(hub: RunningHub, path: string): Promise<void> {
    await this.page.goto(hub.url + path);
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.page.locator('main').first().waitFor();
    await this.page.locator('[role=status][aria-label^=Loading]').first().waitFor({ state: 'detached' });
  }

  /** Changes width and colours without a new browser. */
  async look({ width, scheme }: Look): Promise<void> {
    await this.page.setViewportSize({ width, height: 900 });
    await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  }

  /** Waits until nothing moves and no colour changes any more. */
  async still(): Promise<void> {
    // Half of the way from one colour to another there are colours that nobody reads.
    await this.page.evaluate(STILL);
  }

  /** What axe finds wrong with what is shown, one line for each. */
  async axe(): Promise<string[]> {
    await this.still();
    // The page's policy forbids scripts of others; what the debugger evaluates is not of the page.
    await this.page.evaluate(AXE);
    const result = (await this.page.evaluate(
      'axe.run(document, { resultTypes: ["violations"] })',
    )) as AxeResult;
    return result.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
    );
  }

  /** Index of the row of the table that has the focus. */
  focusedRow(): Promise<string> {
    return this.page.evaluate(FOCUSED);
  }

  /** Width of all that is shown, px. */
  width(): Promise<number> {
    return this.page.evaluate('document.documentElement.scrollWidth');
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }
}
