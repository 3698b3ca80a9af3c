import { Engine, type Plan, type Resource } from '@bulwark/core';
import type { BatchResult } from './batch.ts';
import { type JudgeSettings, ResourceJudge } from './judge-files.ts';

/** Runs the controls that look only at their object on what was read of a cluster. */
export function judgeLive(resources: readonly Resource[], plan: Plan, settings: JudgeSettings): BatchResult {
  const judge = new ResourceJudge(new Engine(plan.looking('object'), settings.kubernetes), settings);
  const judged = resources.map((resource) => ({ resource, findings: judge.judge(resource) }));
  return { files: [{ documents: 0, coverage: [], judged, commented: [] }], tally: judge.tally };
}
