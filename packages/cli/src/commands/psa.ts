import { CONTROLS } from '@bulwark/controls';
import { configurationFor } from '../config/find.ts';
import { ExitCode } from '../exit.ts';
import type { PsaFlags } from '../flags.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { judge } from '../scan/pipeline.ts';
import { prepare } from './preparation.ts';
import { controlsOfLevel, levelsOf } from './psa-levels.ts';
import { jsonOf, prettyOf } from './psa-report.ts';

/**
 * `bulwark psa`. Of the configuration only what is read counts, and for which version: the admission controller knows no
 * severities, scopes, parameters or exceptions. All namespaces are judged, whichever are shown.
 */
export async function runPsa(paths: readonly string[], flags: PsaFlags, io: Io): Promise<number> {
  const { namespace: namespaces = [], ...inputs } = flags;
  const progress = new Progress(io, true);
  const configuration = {
    ...(await configurationFor(flags.config, io.cwd)),
    controls: CONTROLS,
    frameworks: [],
    exceptions: [],
    annotations: 'ignore' as const,
    otherTools: 'ignore' as const,
  };
  const asked = { ...inputs, control: controlsOfLevel('restricted') };
  const { judgement, coverage: notRead } = await prepare(paths, asked, io, { progress, configuration });
  const judged = await judge(judgement);
  progress.stop();
  const { kubernetes } = judgement;
  const coverage = [...notRead, ...judged.coverage];
  const levels = levelsOf({
    resources: judged.files.flatMap((file) => file.judged.map(({ resource }) => resource)),
    world: judged.world,
    findings: judged.findings,
    coverage,
    kubernetes,
    namespaces,
  });
  const report = { kubernetes: kubernetes.text, coverage, levels };
  io.write(flags.format === 'json' ? jsonOf(report) : prettyOf(report));
  return ExitCode.ok;
}
