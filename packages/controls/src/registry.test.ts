import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Control, whyNotParam } from '@bulwark/core';
import { readCases, runCase, runFix } from '@bulwark/testkit';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from './registry.ts';

const SOURCE = dirname(fileURLToPath(import.meta.url));
const DOMAINS = readdirSync(SOURCE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'frameworks')
  .map((entry) => entry.name);
const controls: readonly Control[] = CONTROLS;

function casesFileOf(id: string): string | undefined {
  return DOMAINS.map((domain) => join(SOURCE, domain, `${id}.cases.yaml`)).find((file) => existsSync(file));
}

describe('the registry', () => {
  it('lists every control file, and nothing else', () => {
    const files = DOMAINS.flatMap((domain) => readdirSync(join(SOURCE, domain)))
      .filter((file) => file.endsWith('.cases.yaml'))
      .map((file) => file.replace('.cases.yaml', ''));

    expect(controls.map((control) => control.id).toSorted()).toEqual(files.toSorted());
  });

  it('never uses an id or alias twice', () => {
    const names = controls.flatMap((control) => [
      control.id,
      ...control.aliases.filter((alias) => !alias.includes(':')),
    ]);

    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe.each(controls.map((control) => ({ id: control.id, control })))('the control $id', ({ control }) => {
  it('has complete text', () => {
    expect(control.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    for (const text of [control.rationale, control.remediation, control.message])
      expect(text).toMatch(/\S.{10,}\.$/s);
    expect(control.title).toMatch(/^[A-Z].{10,}[^.]$/);
    expect(control.problem).toMatch(/^[a-z].{5,}[^.]$/);
    expect(control.attack.join(' ')).toMatch(/^(T\d{4}(\.\d{3})?( |$))*$/);
    for (const alias of control.aliases) expect(alias).toMatch(/^([a-z-]+:)?[A-Za-z0-9_.-]+$/);
  });

  const file = casesFileOf(control.id);
  const cases = file === undefined ? [] : readCases(readFileSync(file, 'utf8'));

  it('has at least one passing and one failing case', () => {
    expect(cases.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(0);
    expect(cases.filter(({ verdict }) => verdict === 'fail').length).toBeGreaterThan(0);
  });

  it.each(cases)('$verdict: $name (line $line)', (given) => {
    const result = runCase(control, given);

    for (const message of result.messages) expect(message).not.toMatch(/\{\w+\}|undefined/);
    expect({ verdict: result.verdict, paths: result.paths }).toEqual({
      verdict: given.verdict,
      paths: [...given.paths].sort(),
    });
  });

  const { fix } = control;
  const failing = cases.filter(({ verdict }) => verdict === 'fail');

  it.skipIf(fix === undefined).each(failing)('mends by its fix: $name (line $line)', (given) => {
    const { expected, remaining, changes } = runFix(control, given);

    expect(remaining).toBe(expected);
    expect(changes.toSorted()).toEqual(given.fixed.toSorted());
  });

  it.skipIf(fix === undefined)('offers its fix for at least one failing case, and says what it risks', () => {
    expect(failing.some((given) => runFix(control, given).offered > 0)).toBe(true);
    expect(fix?.why).toMatch(/^[A-Z].{10,}\.$/s);
  });

  it('has parameters that say what they are and whose defaults fit', () => {
    for (const [name, param] of Object.entries(control.params ?? {})) {
      expect(name).toMatch(/^[a-z][A-Za-z]*$/);
      expect(param.description).toMatch(/^[A-Z].{10,}\.$/s);
      if (param.default !== undefined) expect(whyNotParam(param, param.default)).toBeUndefined();
      else expect(control.profile).toBe('opt-in');
    }
  });
});
