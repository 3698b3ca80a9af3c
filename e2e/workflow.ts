import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { type Ended, runProgram } from './packed.ts';

interface Step {
  readonly id: string;
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
}

/** What is in an `action.yaml`, as far as it is used here. */
export interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

/** How an action ended. */
export interface ActionRun extends Ended {
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Where an action runs. */
export interface Runner {
  /** The checkout. */
  readonly workspace: string;
  /** A folder of the runner's own. */
  readonly temp: string;
  readonly env: Readonly<Record<string, string>>;
}

type Contexts = Readonly<Record<string, string>>;

/** Fills in `${{ ... }}`; only plain names are known, which is all that the action needs. */
function evaluate(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{ *([\w.-]+) *\}\}/g, (_whole, name: string) => {
    const value = contexts[name];
    if (value === undefined) throw new Error(`nothing is known as ${name}`);
    return value;
  });
}

/** Reads an `action.yaml`. */
export function readAction(file: string): ActionFile {
  return load(readFileSync(file, 'utf8')) as ActionFile;
}

/**
 * Runs the steps of a composite action as a runner does: each script in a file, by bash with `-e -o pipefail`, in the
 * checkout, with files for outputs and the summary; the first step that fails ends it.
 */
export async function runAction(
  action: ActionFile,
  inputs: Readonly<Record<string, string>>,
  { workspace, temp, env }: Runner,
): Promise<ActionRun> {
  const contexts: Record<string, string> = { 'runner.temp': temp };
  for (const [name, { default: value }] of Object.entries(action.inputs))
    contexts[`inputs.${name}`] = inputs[name] ?? value;
  mkdirSync(temp, { recursive: true });
  const [script, summary, output] = ['script.sh', 'summary', 'output'].map((name) => join(temp, name));
  if (script === undefined || summary === undefined || output === undefined) throw new Error('no files');
  writeFileSync(summary, '');
  let ended: Ended = { status: 0, stdout: '', stderr: '' };
  for (const step of action.runs.steps) {
    writeFileSync(script, step.run);
    writeFileSync(output, '');
    const own = Object.entries(step.env).map(([name, value]) => [name, evaluate(value, contexts)] as const);
    const last = await runProgram('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
      cwd: workspace,
      env: { ...env, ...Object.fromEntries(own), GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output },
    });
    for (const line of readFileSync(output, 'utf8').split('\n').filter(Boolean))
      contexts[`steps.${step.id}.outputs.${line.slice(0, line.indexOf('='))}`] = line.slice(
        line.indexOf('=') + 1,
      );
    ended = { ...last, stdout: ended.stdout + last.stdout, stderr: ended.stderr + last.stderr };
    if (last.status !== 0) break;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => {
    const known = /\$\{\{ *([\w.-]+) *\}\}/.exec(value)?.[1] ?? '';
    return [name, contexts[known] ?? ''] as const;
  });
  return { ...ended, summary: readFileSync(summary, 'utf8'), outputs: Object.fromEntries(outputs) };
}
