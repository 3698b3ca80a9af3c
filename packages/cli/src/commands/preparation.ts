import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import {
  type CoverageEntry,
  controlsNamed,
  type Exception,
  type Framework,
  type KubernetesVersion,
  parseKubernetesVersion,
} from '@bulwark/core';
import { namedFramework } from '../catalogue.ts';
import type { Configuration } from '../config/configuration.ts';
import { configurationFor } from '../config/find.ts';
import { UsageError } from '../exit.ts';
import type { InputFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import type { Progress } from '../progress.ts';
import type { JudgeRequest } from '../scan/pipeline.ts';
import { isWorthThreads } from '../scan/threads.ts';
import { type FoundInputs, findInputs, inputFromBytes, STDIN } from '../source/find-inputs.ts';
import type { Excludes } from '../source/ignore-rules.ts';
import { realPath } from '../source/walk.ts';
import { chooseControls } from './choose-controls.ts';

const MEBIBYTE = 1024 * 1024;
const MOST_THREADS = 8;
const NO_INPUTS: FoundInputs = { files: [], coverage: [] };

/** What the command line and the configuration make together, before anything is judged. */
export interface Preparation {
  readonly configuration: Configuration;
  readonly frameworks: readonly Framework[];
  readonly judgement: JudgeRequest;
  /** What was left out or could not be found. */
  readonly coverage: readonly CoverageEntry[];
}

/** What a command adds to what the flags say. */
export interface Additions {
  readonly progress: Progress;
  /** Exceptions besides those of the configuration. */
  readonly exceptions?: readonly Exception[];
  /** Files of the command itself, which are no input. */
  readonly ownFiles?: readonly (string | undefined)[];
  readonly wantVerdicts?: boolean;
  /** Read before the configuration, where the command has it already. */
  readonly configuration?: Configuration;
}

/**
 * Finds the inputs, the controls and everything else that decides a judgement.
 *
 * @throws UsageError for whatever is wrong in the flags or the configuration.
 */
export async function prepare(
  paths: readonly string[],
  flags: InputFlags,
  io: Io,
  additions: Additions,
): Promise<Preparation> {
  const configuration = additions.configuration ?? (await configurationFor(flags.config, io.cwd));
  const kubernetes = kubernetesVersion(flags.kubernetesVersion ?? configuration.kubernetesVersion);
  const asked = flags.framework?.map(namedFramework);
  const frameworks = asked ?? configuration.frameworks.map(namedFramework);
  const controls = chooseControls({ ...flags, frameworks: asked }, configuration, frameworks);
  for (const path of paths)
    if (path !== STDIN && !existsSync(path)) throw new UsageError(`there is no file or directory ${path}`);
  const found = await inputs(paths, flags, io, configuration);
  const own = new Set(
    [configuration.file, ...(additions.ownFiles ?? [])].flatMap((file) =>
      file === undefined ? [] : [realPath(resolve(file))],
    ),
  );
  const files = found.files.filter(({ path }) => path === undefined || !own.has(realPath(path)));
  additions.progress.start(files.length);
  return {
    configuration,
    frameworks,
    coverage: found.coverage,
    judgement: {
      files,
      controls,
      kubernetes,
      namespaces: flags.namespace ?? [],
      exceptions: {
        stored: [...configuration.exceptions, ...(additions.exceptions ?? [])],
        annotations: configuration.annotations,
        otherTools: configuration.otherTools,
        controlsNamed: (name) => controlsNamed(name, configuration.controls).map(({ id }) => id),
        today: io.today,
      },
      wantVerdicts: additions.wantVerdicts === true,
      threads: flags.threads ?? (isWorthThreads(files) ? Math.min(availableParallelism(), MOST_THREADS) : 1),
      workerUrl: io.workerUrl,
      onProgress: (done) => additions.progress.advance(done),
    },
  };
}

async function inputs(
  paths: readonly string[],
  flags: InputFlags,
  io: Io,
  configuration: Configuration,
): Promise<FoundInputs> {
  const maxBytes = flags.maxFileSize * MEBIBYTE;
  const { ignore, render } = flags;
  const excludes = excludesOf(configuration);
  const found = findInputs(paths, { ignore, excludes, render, maxBytes, env: io.env });
  const stdin = paths.includes(STDIN) ? inputFromBytes(await io.readStdin(), maxBytes) : NO_INPUTS;
  return { files: [...found.files, ...stdin.files], coverage: [...found.coverage, ...stdin.coverage] };
}

function excludesOf({ file, ignore }: Configuration): Excludes | undefined {
  return file === undefined || ignore.length === 0
    ? undefined
    : { directory: dirname(file), patterns: ignore };
}

function kubernetesVersion(text: string | undefined): KubernetesVersion {
  const parsed = parseKubernetesVersion(text ?? 'latest');
  if (!parsed.ok) throw new UsageError(`--kubernetes-version: ${parsed.error.message}`);
  return parsed.value;
}
