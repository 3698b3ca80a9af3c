import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { coverage, type Exception, noRequirementCounts, type ScanReport } from '@bulwark/core';
import {
  bigReport,
  emptyReport,
  SAMPLE_CONTROLS,
  sampleFinding,
  sampleReport,
  smallReport,
} from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import type { ReportOptions } from '../report-format.ts';
import { htmlPage } from './html.ts';
import { SCRIPT, SCRIPT_HASH } from './script.ts';
import { STYLE, STYLE_HASH } from './style.ts';

const OPTIONS: ReportOptions = {
  width: 80,
  color: false,
  showAll: false,
  failOn: 'high',
  command: 'bulwark scan',
};
const EXCEPTION: Exception = {
  origin: 'configuration',
  source: 'bulwark.yaml:3',
  scope: {},
  reason: 'The agent reads every process.',
  owner: 'platform',
  until: '2027-01-31',
  approvedBy: 'security',
};

function textOf(report: ScanReport, options: Partial<ReportOptions> = {}): string {
  return [...htmlPage.write(report, { ...OPTIONS, ...options })].join('');
}

/** The text of a section, tags left out. */
function sectionOf(page: string, id: string): string {
  const [, section = ''] = new RegExp(`<section id="${id}">(.*?)</section>`, 's').exec(page) ?? [];
  return section.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function decidedReport(): ScanReport {
  const [first, second, ...others] = smallReport().findings;
  if (first === undefined || second === undefined) throw new Error('the small report has too few findings');
  const requested = { ...EXCEPTION, reason: 'We need a week.', isRequest: true };
  return {
    ...smallReport(),
    findings: [{ ...first, exception: EXCEPTION }, { ...second, requested }, ...others],
  };
}

/** A report in which every text that anybody can write is this one. */
function reportOf(text: string): ScanReport {
  const decision = { ...EXCEPTION, source: text, reason: text, owner: text, until: text, approvedBy: text };
  const controls = SAMPLE_CONTROLS.map((control) => ({
    ...control,
    ...{ title: text, problem: text, rationale: text, remediation: text, references: [text], attack: [text] },
  }));
  const findings = controls.flatMap((control) => {
    const finding = {
      ...sampleFinding({
        control,
        message: text,
        kind: text,
        name: text,
        namespace: text,
        container: text,
        file: text,
      }),
      path: text,
    };
    return [finding, { ...finding, exception: decision }, { ...finding, requested: decision }];
  });
  const requirement = {
    id: text,
    title: text,
    verdict: 'fail',
    counts: noRequirementCounts(),
    controls: [text],
  } as const;
  return sampleReport(findings, {
    controls,
    version: text,
    kubernetes: text,
    inputs: [text],
    coverage: [coverage('invalid-yaml', text, { file: text }), coverage('ignored-files', text)],
    frameworks: [{ id: text, title: text, version: text, verdict: 'fail', requirements: [requirement] }],
    knownFrameworks: [
      {
        id: text,
        title: text,
        version: text,
        source: text,
        requirements: SAMPLE_CONTROLS.map(({ id }) => ({
          id: text,
          title: text,
          coverage: { kind: 'automated', controls: [id] },
        })),
      },
    ],
  });
}

/** The tags of a page with the names of their attributes. */
function structureOf(page: string): string[] {
  const tags = page.matchAll(/<(\/?[a-z!][\w-]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>|<[^>]*/g);
  return Array.from(tags, ([whole, name, list = '']) =>
    name === undefined ? whole : [name, ...list.matchAll(/([\w-]+)="/g)].join(' ').replaceAll(/="[^ ]*/g, ''),
  );
}

describe('the page', () => {
  it('is allowed its own style and script, and nothing else', () => {
    expect([SCRIPT_HASH, STYLE_HASH]).toEqual([sha256(SCRIPT), sha256(STYLE)]);

    const page = textOf(smallReport());
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy.replaceAll('&#39;', "'").replaceAll(/&#\d+;/g, (entity) => entity)).toBe(
      `default-src 'none'; style-src '${STYLE_HASH}'; script-src '${SCRIPT_HASH}'; base-uri 'none'; ` +
        "form-action 'none'; require-trusted-types-for 'script'",
    );
    expect(page.split('<script>')[1]?.split('</script>')[0]).toBe(SCRIPT);
    expect(page.split('<style>')[1]?.split('</style>')[0]).toBe(STYLE);
  });

  it('loads nothing', () => {
    expect(textOf(smallReport())).not.toMatch(/<(link|img|iframe|object|embed|base)|\ssrc=|url\(|@import/);
  });

  it('has a script that is one', () => {
    expect(() => new Script(SCRIPT)).not.toThrow();
    expect(SCRIPT + STYLE).not.toContain('</');
  });

  it('says all of a finding', () => {
    const findings = sectionOf(textOf(smallReport()), 'findings');

    for (const text of [
      'Deployment/web shares the host&#39;s process namespace.',
      'deploy/web.yaml:12:5',
      'namespace shop',
      'container app',
      'Remove hostPID, or set it to false.',
      'A sample says nothing about the world.',
      'Sample framework, 1.0: Requirement host-namespaces sample/host-namespaces',
      'T1611',
    ])
      expect(findings).toContain(text);
  });

  it('puts the root cause with the most points first, and says what they are made of', () => {
    const page = textOf(smallReport());
    const order = [...page.matchAll(/data-control="([^"]*)"/g)].map(([, id]) => id);

    expect(order).toEqual(['sample-host-pid', 'sample-privileged', 'sample-latest-tag', 'sample-no-policy']);
    expect(page).toContain('66 points, 3 findings');
    expect(page).toContain(
      '<li>+20 Deployment shop/web: open to the Internet by Service web, a load balancer</li>',
    );
    expect(page).toContain('<li>-15 in test environments only</li>');
  });

  it('lists what another finding says better as well, and counts all that is open', () => {
    const [general] = SAMPLE_CONTROLS;
    if (general === undefined) throw new Error('there are no sample controls');
    const precise = { ...general, id: 'precise', refines: [general.id] };
    const findings = [general, precise].map((control) =>
      sampleFinding({ control, message: `Said by ${control.id}.`, name: 'web', file: 'a.yaml' }),
    );
    const page = textOf(sampleReport(findings, { controls: [precise, ...SAMPLE_CONTROLS] }));

    expect(sectionOf(page, 'findings')).toContain('Said by precise.');
    expect(sectionOf(page, 'findings')).not.toContain(`Said by ${general.id}.`);
    expect(sectionOf(page, 'repeated')).toContain(`Said by ${general.id}.`);
    expect(page).toContain('<a href="#findings">Findings 1</a><a href="#repeated">Repeated 1</a>');
    expect(page).toContain('The scan fails: 2 findings');
    expect(page).toMatch(/value="critical" checked>.*<span class="number">2<\/span>/);
  });

  it('shows what is accepted apart from what is open', () => {
    const page = textOf(decidedReport());

    expect(sectionOf(page, 'findings')).not.toContain('Container app of DaemonSet/agent is privileged.');
    expect(sectionOf(page, 'accepted')).toContain('Container app of DaemonSet/agent is privileged.');
    expect(sectionOf(page, 'accepted')).toContain(
      'Accepted : The agent reads every process. owner platform, until 2027-01-31, approved by security, in ' +
        'bulwark.yaml:3',
    );
    expect(sectionOf(page, 'findings')).toContain('Exception asked for : We need a week.');
    expect(page).toContain('<h1>The scan fails: 3 findings of severity high or worse</h1>');
  });

  it.each([
    { title: 'The scan fails: 4 findings of severity high or worse', report: smallReport(), options: {} },
    {
      title: 'The scan fails: 1 finding of severity critical',
      report: smallReport(),
      options: { failOn: 'critical' },
    },
    {
      title: '7 findings, none of which fails the scan',
      report: smallReport(),
      options: { failOn: 'never' },
    },
    { title: 'No Kubernetes object that could be judged', report: emptyReport(), options: {} },
    { title: 'Nothing found that needs a change', report: sampleReport([]), options: {} },
    {
      title: 'Nothing found in what could be judged',
      report: sampleReport([], { coverage: [coverage('too-deep', 'Too deep.')] }),
      options: {},
    },
    {
      title: 'Nothing found that is not accepted',
      report: sampleReport(smallReport().findings.map((finding) => ({ ...finding, exception: EXCEPTION }))),
      options: {},
    },
  ] as const)('says first what came of the scan: $title', ({ title, report, options }) => {
    expect(textOf(report, options)).toContain(`<h1>${title}</h1>`);
  });

  it('says at the top, and in full below, what could not be judged', () => {
    const page = textOf(smallReport());

    expect(page.split('</header>')[0]).toContain('2 parts of the input could not be judged.');
    expect(sectionOf(page, 'coverage')).toContain(
      'deploy/broken.yaml:3 A mapping value is not allowed here.',
    );
    expect(sectionOf(page, 'coverage')).toContain('12 files in hidden folders were skipped.');
  });

  it('has a table of requirements for each framework, and says so where none was asked for', () => {
    expect(sectionOf(textOf(smallReport()), 'frameworks')).toContain(
      'Someone looks at it manual Only people can tell',
    );
    expect(sectionOf(textOf(sampleReport([])), 'frameworks')).toContain('No framework was asked for');
  });

  it.each([
    '</script><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</style></title><!--',
    'javascript:alert(1)',
    '{{alert(1)}}',
    '&#60;script&#62;',
  ])('has the same elements and attributes whatever is written in it: %s', (text) => {
    expect(structureOf(textOf(reportOf(text), { command: text }))).toEqual(
      structureOf(textOf(reportOf('plain'), { command: 'plain' })),
    );
  });

  it('links only to what is an address on the web', () => {
    const controls = SAMPLE_CONTROLS.map((control) => ({
      ...control,
      references: ['javascript:alert(1)', 'https://example.com/a?b&c'],
      attack: ['T1611.001', 'javascript:alert(2)'],
    }));
    const links = textOf({ ...smallReport(), controls }).matchAll(/<a href="([^"#][^"]*)"/g);

    expect(new Set(Array.from(links, ([, address]) => address))).toEqual(
      new Set(['https://example.com/a?b&#38;c', 'https://attack.mitre.org/techniques/T1611/001/']),
    );
  });
});

const CHROMIUM = '/usr/bin/chromium';

describe.skipIf(!existsSync(CHROMIUM))('the page in Chromium, which has to be installed for this', () => {
  /** The page after its script ran, as HTML. */
  function inBrowser(page: string, filter = ''): string {
    const directory = mkdtempSync(join(tmpdir(), 'bulwark-html-'));
    const file = join(directory, 'report.html');
    writeFileSync(file, page);
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
    ];
    const { stdout } = spawnSync(
      CHROMIUM,
      [...flags, `--user-data-dir=${directory}`, '--dump-dom', `${pathToFileURL(file).href}#${filter}`],
      { encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    rmSync(directory, { recursive: true, force: true });
    return stdout;
  }

  /** How many findings the page says it shows. */
  function shownInBrowser(report: ScanReport, filter: string): string | undefined {
    return /<output[^>]*>([^<]*)<\/output>/.exec(inBrowser(textOf(report), filter))?.[1];
  }

  /** What a script answers that runs in the page behind its own; `before` runs first of all. */
  function asked(script: string, before = ''): string | undefined {
    const page = textOf(decidedReport())
      .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, `<script>${before}</script>`)
      .replace('</body>', `<script>document.title = (() => { ${script} })();</script></body>`);
    return /<title>([^<]*)<\/title>/.exec(inBrowser(page))?.[1];
  }

  it.each([
    { filter: '', shown: '7 shown' },
    { filter: 'q=deploy/web.yaml', shown: '3 of 7 shown' },
    { filter: 'q=process+api', shown: '1 of 7 shown' },
    { filter: 'severity=critical,low', shown: '2 of 7 shown' },
    { filter: 'kind=Namespace', shown: '2 of 7 shown' },
    { filter: 'namespace=shop', shown: '6 of 7 shown' },
    { filter: 'control=sample-host-pid', shown: '3 of 7 shown' },
    { filter: 'state=accepted', shown: '1 of 7 shown' },
    { filter: 'state=requested&owner=platform', shown: '1 of 7 shown' },
  ])('filters by $filter', ({ filter, shown }) => {
    expect(shownInBrowser(decidedReport(), filter)).toBe(shown);
  });

  const press = `
    const press = (key, on = document.body) => on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    const help = document.querySelector('#help');
    const at = () => document.activeElement.tagName;`;

  it.each([
    { when: 'outside of fields they act', script: `press('j'); return at();`, answer: 'SUMMARY' },
    {
      when: 'in a field they do not',
      script: `const box = document.querySelector('#filters input[type=checkbox]'); box.focus(); press('j', box); press('?', box); return at() + help.open;`,
      answer: 'INPUTfalse',
    },
    {
      when: 'switched off they do not, and it is remembered',
      script: `document.querySelector('#keys').click(); help.querySelector('input').click(); help.close(); document.activeElement.blur(); press('j'); press('/'); press('?'); return at() + help.open + localStorage.getItem('bulwark.keys');`,
      answer: 'BODYfalseoff',
    },
    {
      when: 'once switched off they stay so',
      before: `localStorage.setItem('bulwark.keys', 'off');`,
      script: `press('j'); return at() + help.querySelector('input').checked;`,
      answer: 'BODYfalse',
    },
    {
      when: 'without a memory they act',
      before: `Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });`,
      script: `help.querySelector('input').click(); help.querySelector('input').click(); press('j'); return at();`,
      answer: 'SUMMARY',
    },
  ])('has keys of one character: $when', ({ before, script, answer }) => {
    expect(asked(press + script, before)).toBe(answer);
  });

  it('has no target below 24 px that is not in a sentence', () => {
    const small = asked(`
      document.querySelector('#fold').click();
      document.querySelector('#help').showModal();
      return [...document.querySelectorAll('a:not(.skip, p a), button, select, summary, .box, input[type=search]')]
        .map((target) => [target.getBoundingClientRect(), target.outerHTML.slice(0, 60)])
        .filter(([{ width, height }]) => width > 0 && (width < 24 || height < 24))
        .map(([, text]) => text.replace(/[<>]/g, ' ')).join();`);

    expect(small).toBe('');
  });

  it('filters 10,000 findings', () => {
    expect(shownInBrowser(bigReport(10_000), 'q=app-12+team-3')).toMatch(/^\d+ of 10000 shown$/);
  });
});
